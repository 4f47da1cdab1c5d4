using System.Globalization;

namespace BlazorChat.Channels.Admission;

/// <summary>
/// The memory that this process may still allocate: what the machine has available without swapping, or what the control groups of the process
/// have left (a container, or a systemd service with MemoryMax and its slice), whichever is less. Read at most once a second. Thread-safe.
/// </summary>
internal sealed class FreeMemory(TimeProvider time)
{
    private const string Machine = "/proc/meminfo";
    private const string OwnGroup = "/proc/self/cgroup";
    private const string Groups = "/sys/fs/cgroup";

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _bytes;
    private long? _readAt;

    /// <summary>The free memory in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                if (_readAt is { } readAt && time.GetElapsedTime(readAt) < MaxAge)
                    return _bytes;
                _bytes = Read();
                _readAt = time.GetTimestamp();
                return _bytes;
            }
        }
    }

    private static long Read()
    {
        try
        {
            if (File.Exists(Machine))
                return Math.Min(ReadField(Machine, "MemAvailable:") * 1024, ReadGroups(Groups, ReadOwnGroup()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // This kernel has another format.
        }

        var collected = GC.GetGCMemoryInfo();
        return collected.TotalAvailableMemoryBytes - collected.MemoryLoadBytes;
    }

    /// <summary>The least memory that a control group (version 2) and its parents have left, in bytes.</summary>
    /// <param name="root">The folder of all groups.</param>
    /// <param name="group">The path of the group below it, with a slash at its beginning.</param>
    internal static long ReadGroups(string root, string group)
    {
        var free = long.MaxValue;
        for (var path = group.TrimEnd('/'); path.Length > 0; path = path[..path.LastIndexOf('/')])
            free = Math.Min(free, ReadGroup(root + path));
        return Math.Min(free, ReadGroup(root));
    }

    private static string ReadOwnGroup() =>
        File.ReadLines(OwnGroup).FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..] ?? "";

    /// <summary>File caches count as free, because the kernel reclaims them when memory is needed.</summary>
    private static long ReadGroup(string folder)
    {
        var limit = Path.Combine(folder, "memory.max");
        if (!File.Exists(limit) || !long.TryParse(File.ReadAllText(limit), CultureInfo.InvariantCulture, out var max))
            return long.MaxValue;
        var used = long.Parse(File.ReadAllText(Path.Combine(folder, "memory.current")), CultureInfo.InvariantCulture);
        var stat = Path.Combine(folder, "memory.stat");
        return max - used + ReadField(stat, "active_file") + ReadField(stat, "inactive_file");
    }

    /// <exception cref="FormatException">The file has no such field.</exception>
    private static long ReadField(string path, string name)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal))
                continue;
            var value = line.AsSpan(name.Length).Trim();
            var end = value.IndexOf(' ');
            return long.Parse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture);
        }

        throw new FormatException($"{path} has no {name}");
    }
}
