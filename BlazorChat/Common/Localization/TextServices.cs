using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.Localization;

namespace BlazorChat.Common.Localization;

internal static class TextServices
{
    /// <summary>Adds the texts of all features, as <see cref="IStringLocalizer{T}"/>.</summary>
    public static IServiceCollection AddTexts(this IServiceCollection services) =>
        services.AddLocalization().AddTransient(typeof(IStringLocalizer<>), typeof(TextLocalizer<>))
            // Components write Korean letters as they are: each would be an entity of eight bytes.
            .AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));

    /// <summary>Puts arguments into a text, in the reader's language.</summary>
    public static string Format(string text, object[] arguments) =>
        arguments.Length == 0 ? text : string.Format(CultureInfo.CurrentCulture, KoreanParticles.Choose(text, arguments), arguments);
}
