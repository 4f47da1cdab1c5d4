using System.Globalization;
using System.Resources;

namespace BlazorChat.Common.Localization;

/// <summary>
/// A text of a resource with its arguments. It is resolved when it is read, in <see cref="CultureInfo.CurrentUICulture"/> of the reader, so a
/// service that runs outside of the request (a writer's loop) can refuse in the language of the person who asked.
/// </summary>
/// <param name="resource">The texts of one feature.</param>
/// <param name="key">The name of the text; a name that is missing is shown as it is.</param>
/// <param name="arguments">The values of <c>{0}</c>, <c>{1}</c>, …; they can be texts themselves.</param>
public sealed class LocalText(ResourceManager resource, string key, params object[] arguments)
{
    /// <summary>The text in the reader's language.</summary>
    public override string ToString()
    {
        var text = resource.GetString(key, CultureInfo.CurrentUICulture) ?? key;
        return TextServices.Format(text, arguments);
    }
}
