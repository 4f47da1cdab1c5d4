using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorChat.Liveblogs.Syndication;

internal static class XmlContent
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false) };

    public static FileContentHttpResult Write(string contentType, Action<XmlWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
            write(xml);
        return TypedResults.Bytes(bytes.ToArray(), $"{contentType}; charset=utf-8");
    }

    /// <summary>Removes the characters that XML cannot represent, not even escaped.</summary>
    public static string Clean(string text) => text.All(IsXml) ? text : string.Concat(text.Where(IsXml));

    private static bool IsXml(char unit) => XmlConvert.IsXmlChar(unit) || char.IsSurrogate(unit);
}
