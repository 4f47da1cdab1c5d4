using System.Diagnostics;
using System.Net;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>Asserts a node's limit of requests per minute, on a machine of any speed.</summary>
internal static class MinuteLimit
{
    /// <summary>The limit that the node is set to: one permit is refilled each second.</summary>
    public const int PerMinute = 60;

    /// <summary>
    /// Sends requests until one is answered with 429. Asserts that the node admitted <see cref="PerMinute"/> before, and at most as many more as
    /// permits were refilled meanwhile.
    /// </summary>
    /// <param name="admitted">The status of a request that is not refused.</param>
    /// <param name="request">Sends a request; it gets the number of the request, from 0.</param>
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
