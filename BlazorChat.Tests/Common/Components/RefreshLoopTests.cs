using BlazorChat.Common.Components;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Common.Components;

public sealed class RefreshLoopTests
{
    [Fact]
    public void The_events_of_a_moment_are_one_read_and_the_next_one_comes_no_sooner_than_a_second_later()
    {
        var time = new FakeTimeProvider();
        var reads = new List<TimeSpan>();
        var start = time.GetTimestamp();
        var loop = new RefreshLoop(Read, NullLogger.Instance, time, default);

        for (var i = 0; i < 500; i++)
        {
            loop.Request();
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(reads.Count, 4, 5);
        Assert.All(reads.Zip(reads.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1)));

        Task Read()
        {
            reads.Add(time.GetElapsedTime(start));
            return Task.CompletedTask;
        }
    }
}
