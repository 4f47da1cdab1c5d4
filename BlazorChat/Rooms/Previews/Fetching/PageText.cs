using System.Text;
using System.Text.RegularExpressions;

namespace BlazorChat.Rooms.Previews.Fetching;

/// <summary>Decodes a page: by its byte order mark, the header, what the page says of itself, or UTF-8.</summary>
internal static partial class PageText
{
    /// <summary>Bytes in which a page names its encoding; the standard has 1,024, and some pages name it later.</summary>
    private const int MaxSearched = 8 * 1024;

    /// <summary>Windows' code page for Korean, to which browsers map the names of the standard that it extends.</summary>
    private const int Korean = 949;

    private static readonly string[] KoreanNames = ["euc-kr", "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601", "ksc_5601", "korean", "cseuckr", "windows-949"];

    /// <summary>Whether the head of a page ends in a part of it, in every encoding that extends ASCII.</summary>
    public static bool EndsHead(ReadOnlyMemory<byte> part) => HeadEnd.IsMatch(Encoding.Latin1.GetString(part.Span));

    public static string Decode(byte[] page, string? charset)
    {
        var encoding = FindMark(page) ?? Find(charset?.Trim('"', '\'', ' ')) ?? Find(FindNamed(page)) ?? Encoding.UTF8;
        return encoding.GetString(page).TrimStart('\uFEFF');
    }

    private static Encoding? FindMark(byte[] page) => page switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        _ => null,
    };

    private static string? FindNamed(byte[] page) =>
        Charset.Match(Encoding.Latin1.GetString(page, 0, Math.Min(page.Length, MaxSearched))) is { Success: true } named ? named.Groups[1].Value : null;

    private static Encoding? Find(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        if (KoreanNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            return CodePagesEncodingProvider.Instance.GetEncoding(Korean);
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    [GeneratedRegex("</head[\\s>]|<body[\\s>]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HeadEnd { get; }

    [GeneratedRegex("<meta\\s[^>]{0,500}?charset\\s*=\\s*[\"']?\\s*([A-Za-z0-9_:.-]{2,40})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Charset { get; }
}
