using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>
/// Decides which scripts a handle may mix: Latin letters and Han characters with those of Japanese, Korean or Chinese, as in Unicode's "highly
/// restrictive" profile (UTS 39), or a script alone.
/// </summary>
internal static class HandleScripts
{
    private const int Common = 0;
    private const int Latin = 1;
    private const int Han = 2;
    private const int Kana = 15;
    private const int Hangul = 16;
    private const int Bopomofo = 17;

    private static readonly (int First, int Last, int Script)[] Ranges =
    [
        (0x0000, 0x0040, Common), (0x0041, 0x024F, Latin), (0x0250, 0x02AF, Latin), (0x0300, 0x036F, Common),
        (0x0370, 0x03FF, 3), (0x0400, 0x052F, 4), (0x0530, 0x058F, 5), (0x0590, 0x05FF, 6), (0x0600, 0x06FF, 7), (0x0750, 0x077F, 7),
        (0x0870, 0x08FF, 7), (0x0F00, 0x0FFF, 8), (0x1000, 0x109F, 9), (0x10A0, 0x10FF, 10), (0x1100, 0x11FF, Hangul),
        (0x1200, 0x139F, 11), (0x13A0, 0x13FF, 12), (0x1400, 0x167F, 13), (0x1800, 0x18AF, 14), (0x1C80, 0x1C8F, 4), (0x1C90, 0x1CBF, 10),
        (0x1D00, 0x1DBF, Latin), (0x1E00, 0x1EFF, Latin), (0x1F00, 0x1FFF, 3), (0x2C60, 0x2C7F, Latin), (0x2D00, 0x2D2F, 10), (0x2DE0, 0x2DFF, 4),
        (0x2E80, 0x3040, Han), (0x3041, 0x30FF, Kana), (0x3100, 0x312F, Bopomofo), (0x3130, 0x318F, Hangul), (0x3190, 0x319F, Han),
        (0x31A0, 0x31BF, Bopomofo), (0x31C0, 0x31EF, Han), (0x31F0, 0x31FF, Kana), (0x3400, 0x9FFF, Han), (0xA640, 0xA69F, 4), (0xA720, 0xA7FF, Latin), (0xA960, 0xA97F, Hangul),
        (0xAB30, 0xAB6F, Latin), (0xAB70, 0xABBF, 12), (0xAC00, 0xD7FF, Hangul), (0xF900, 0xFAFF, Han), (0x20000, 0x3FFFF, Han),
    ];

    /// <summary>Whether a handle may have all of these characters.</summary>
    public static bool AreCompatible(string handle)
    {
        var scripts = handle.EnumerateRunes().Select(ScriptOf).Where(script => script != Common).Distinct().ToArray();
        return scripts.Length <= 1 || scripts.Except([Latin, Han]).ToArray() is [] or [Kana or Hangul or Bopomofo];
    }

    private static int ScriptOf(Rune rune)
    {
        foreach (var (first, last, script) in Ranges)
        {
            if (rune.Value >= first && rune.Value <= last)
                return script;
        }

        // Unicode assigns blocks of 128 characters to the other scripts.
        return -1 - (rune.Value >> 7);
    }
}
