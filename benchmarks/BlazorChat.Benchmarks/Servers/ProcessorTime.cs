using System.Globalization;

namespace BlazorChat.Benchmarks.Servers;

internal static class ProcessorTime
{
    private const double TickMicroseconds = 1e6 / 100;

    /// <summary>Microseconds of processor time of a process so far, in and out of the kernel; to 10 ms.</summary>
    public static double MicrosecondsOf(int processId)
    {
        // The name, which may hold anything, ends with the last parenthesis; utime and stime are the fields 14 and 15.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * TickMicroseconds;
    }

    /// <summary>The same of its first thread alone, to the nanosecond: for one that does its work on that.</summary>
    public static double FirstThreadMicrosecondsOf(int processId) =>
        long.Parse(File.ReadAllText($"/proc/{processId}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0;
}
