using System.Resources;

namespace BlazorChat.Common.Localization;

/// <summary>
/// The texts of one feature, in the <c>.resx</c> beside the class that derives from it. Components read them through
/// <c>IStringLocalizer&lt;RoomTexts&gt;</c>; services name them for later: <c>RoomTexts.Get("NameTaken", name)</c>.
/// </summary>
/// <typeparam name="TSelf">The class that derives, whose full name is the resource's.</typeparam>
internal abstract class Texts<TSelf>
    where TSelf : Texts<TSelf>
{
    private static readonly ResourceManager Resource = new(typeof(TSelf));

    /// <summary>A text, resolved when it is read.</summary>
    public static LocalText Get(string key, params object[] arguments) => new(Resource, key, arguments);

    /// <summary>A text with a number: <c>Members.one</c> for 1, else <c>Members.other</c>; the number is <c>{0}</c>.</summary>
    public static LocalText Count(string key, long number) => Get(PluralKey.Of(key, number), number);
}
