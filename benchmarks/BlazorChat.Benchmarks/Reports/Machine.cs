using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BlazorChat.Benchmarks.Reports;

/// <summary>Where and with what a run was made.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync(DateTimeOffset now)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        var revision = await AskAsync("git", "-C", NodeProcess.Repository, "rev-parse", "--short", "HEAD");
        var redis = await AskAsync("redis-server", "--version");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{now:yyyy-MM-dd} at {revision}: {Environment.ProcessorCount} cores of {processor}, {memory:0} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {redis.Split(" sha=")[0]}.");
    }

    private static async Task<string> AskAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return answer.Trim();
    }
}
