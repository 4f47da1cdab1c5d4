using System.Xml;

namespace BlazorChat.Liveblogs.Syndication;

internal static class XmlText
{
    /// <summary>A text without the characters that XML cannot hold, in whatever form.</summary>
    public static string Clean(string text) => text.All(IsXml) ? text : string.Concat(text.Where(IsXml));

    private static bool IsXml(char unit) => XmlConvert.IsXmlChar(unit) || char.IsSurrogate(unit);
}
