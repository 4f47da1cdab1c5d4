using System.Diagnostics.CodeAnalysis;
using BlazorChat.Data;

namespace BlazorChat.Demo;

/// <summary>
/// The data folder of a demo. A file marks it, and is locked while a demo uses it: a demo writes into no other folder, and no other site
/// uses its own.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    public const string MarkName = "demo.mark";

    private const byte Filled = (byte)'1';

    private readonly FileStream _mark;

    private DemoFolder(FileStream mark) => _mark = mark;

    /// <summary>Whether it has the whole demo.</summary>
    public bool IsFilled { get; private set; }

    /// <summary>Why a site that is no demo may not use the folder; null when it may.</summary>
    public static string? FindDemo(string folder) => File.Exists(Path.Combine(folder, MarkName))
        ? $"BlazorChat does not start: {folder} has the data of a demo. Start it with --demo, or choose another folder (setting Data:Folder)."
        : null;

    /// <summary>Opens an empty folder, or that of a demo. What an interrupted start has left of a demo is deleted.</summary>
    public static bool TryOpen(string folder, [NotNullWhen(true)] out DemoFolder? opened, [NotNullWhen(false)] out string? refusal)
    {
        (opened, refusal) = (null, null);
        var path = Path.Combine(folder, MarkName);
        if (!File.Exists(path) && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            refusal = $"The demo does not start: {folder} has data that is not a demo's. Choose an empty folder (setting Data:Folder).";
            return false;
        }

        try
        {
            DataFolder.Create(folder);
            opened = new DemoFolder(DataFolder.CreateFile(path, FileMode.OpenOrCreate, FileShare.None));
            opened.IsFilled = opened._mark.ReadByte() == Filled;
            if (!opened.IsFilled)
                DeleteRest(folder);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            opened?.Dispose();
            opened = null;
            var reason = exception.Message.ReplaceLineEndings(" ");
            refusal = $"The demo does not start: {folder} is in use by another demo, or cannot be written. {reason}";
            return false;
        }
    }

    public void MarkFilled()
    {
        _mark.Position = 0;
        _mark.WriteByte(Filled);
        _mark.Flush(flushToDisk: true);
        IsFilled = true;
    }

    public void Dispose() => _mark.Dispose();

    private static void DeleteRest(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != MarkName))
            File.Delete(file);
        foreach (var child in Directory.EnumerateDirectories(folder))
            Directory.Delete(child, recursive: true);
    }
}
