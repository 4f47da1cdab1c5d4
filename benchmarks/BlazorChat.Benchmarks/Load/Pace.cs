using System.Diagnostics;

namespace BlazorChat.Benchmarks.Load;

/// <summary>Starts an action at a fixed rate, whether or not earlier ones have completed.</summary>
internal static class Pace
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    public static async Task RunAsync(int perSecond, TimeSpan duration, Action work, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var most = (int)(perSecond * duration.TotalSeconds);
        for (var done = 0; done < most;)
        {
            var due = Math.Min(most, (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond) + 1);
            for (; done < due; done++)
                work();
            await Task.Delay(Step, cancellationToken);
        }
    }
}
