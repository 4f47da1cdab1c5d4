namespace BlazorChat.Data;

/// <summary>How many bytes are free where a folder is.</summary>
internal interface IFreeSpace
{
    /// <param name="folder">It need not exist yet.</param>
    long Of(string folder);
}

internal sealed class DriveFreeSpace : IFreeSpace
{
    public long Of(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(existing)! : existing).AvailableFreeSpace;
    }
}
