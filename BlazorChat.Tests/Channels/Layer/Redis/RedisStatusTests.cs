using BlazorChat.Channels;
using BlazorChat.Channels.Layer.Redis;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Channels.Layer.Redis;

public sealed class RedisStatusTests
{
    private static readonly RedisIdentityException Refusal = new("chat", "default");

    [Fact]
    public void D10_Uses_that_are_refused_at_the_same_time_share_a_log_line()
    {
        var log = new Reentrant();
        var status = new RedisStatus(new RedisAddress("localhost"), Options.Create(new ChannelOptions()), log);
        // The second refusal arrives while the first one is being logged.
        log.OnLine = () => status.Failed(RedisUse.Workers, Refusal);

        status.Failed(RedisUse.Jobs, Refusal);

        Assert.Equal(1, log.Lines);
        log.OnLine = () => { };
        status.Works(RedisUse.Jobs);
        Assert.Equal(1, log.Lines);
        status.Works(RedisUse.Workers);
        Assert.Equal(2, log.Lines);
    }

    private sealed class Reentrant : ILogger<RedisStatus>
    {
        public Action OnLine { get; set; } = () => { };

        public int Lines { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (++Lines < 3)
                OnLine();
        }
    }
}
