using System.Globalization;

namespace BlazorChat.Attachments.Files;

/// <summary>Sizes of files as people read them.</summary>
internal static class FileSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB"];

    /// <summary>In steps of 1,024; sizes below ten have one decimal.</summary>
    public static string Format(long bytes)
    {
        var unit = 0;
        double size = bytes;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        var digits = unit > 0 && size < 10 && Math.Round(size, 1) % 1 != 0 ? 1 : 0;
        return $"{size.ToString($"N{digits}", CultureInfo.CurrentCulture)} {Units[unit]}";
    }
}
