using System.Globalization;

namespace BlazorChat.Channels.Admission;

/// <summary>
/// Bytes of memory that this process may still take: what the machine can give without swapping, or what the process's control group
/// (a container, a systemd service with MemoryMax) has left, if that is less. Read at most once a second. Thread-safe.
/// </summary>
internal sealed class FreeMemory(TimeProvider time)
{
    private const string Machine = "/proc/meminfo";
    private const string Groups = "/sys/fs/cgroup";
    private const string OwnGroup = "/proc/self/cgroup";

    /// <summary>What the line of a control group of version 2 begins with.</summary>
    private const string Version2 = "0::";

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _bytes;
    private long? _readAt;

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
                return Math.Min(ReadField(Machine, "MemAvailable:") * 1024, ReadGroup());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // A kernel that says it in another way.
        }

        var collected = GC.GetGCMemoryInfo();
        return collected.TotalAvailableMemoryBytes - collected.MemoryLoadBytes;
    }

    /// <summary>What the control group of version 2 has left; file caches are given back when they are needed.</summary>
    private static long ReadGroup()
    {
        var own = File.ReadLines(OwnGroup).FirstOrDefault(line => line.StartsWith(Version2, StringComparison.Ordinal));
        var group = Path.Join(Groups, own?[Version2.Length..]);
        var limit = Path.Combine(group, "memory.max");
        if (!File.Exists(limit) || !long.TryParse(File.ReadAllText(limit), CultureInfo.InvariantCulture, out var max))
            return long.MaxValue;
        var used = long.Parse(File.ReadAllText(Path.Combine(group, "memory.current")), CultureInfo.InvariantCulture);
        return max - used + ReadField(Path.Combine(group, "memory.stat"), "inactive_file");
    }

    /// <exception cref="FormatException">There is no such field.</exception>
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
