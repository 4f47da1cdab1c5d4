namespace BlazorChat.Data;

/// <summary>Reads the free space of a disk.</summary>
internal interface IFreeSpace
{
    /// <summary>Returns the free space on the disk of a folder, in bytes.</summary>
    /// <param name="folder">The path; the folder need not exist yet.</param>
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
