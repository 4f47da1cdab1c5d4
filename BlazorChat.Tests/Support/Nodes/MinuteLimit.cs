using System.Diagnostics;
using System.Net;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>Checks a node's limit of requests in a minute, on a machine of any speed.</summary>
internal static class MinuteLimit
{
    /// <summary>The setting of the node: one permit comes back each second.</summary>
    public const int PerMinute = 60;

    /// <summary>
    /// Sends requests until one is answered 429. Before it as many are answered as <see cref="PerMinute"/> says, and those whose permit came
    /// back meanwhile.
    /// </summary>
    /// <param name="admitted">The answer to a request that is not refused.</param>
    /// <param name="request">Sends a request, whose number it is given, from 0.</param>
    public static async Task AssertAsync(HttpStatusCode admitted, Func<int, Task<HttpStatusCode>> request)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        while (await request(count) is not HttpStatusCode.TooManyRequests and var status)
        {
            Assert.Equal(admitted, status);
            Assert.InRange(++count, 1, Math.Min(PerMinute + 1 + (int)Stopwatch.GetElapsedTime(start).TotalSeconds, 5 * PerMinute));
        }

        Assert.True(count >= PerMinute, $"{count} were admitted.");
    }
}
