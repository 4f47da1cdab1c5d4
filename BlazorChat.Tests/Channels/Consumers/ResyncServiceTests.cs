using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Channels.Consumers;

public sealed class ResyncServiceTests
{
    [Fact]
    public async Task It_compares_on_request_and_repeats_a_comparison_that_fails()
    {
        await using var node = await TestNode.StartAsync();
        using var service = new FailingService(node.Layer, failures: 2);
        await service.StartAsync(CancellationToken.None);
        Assert.Equal(0, service.Comparisons);

        service.Request();

        await service.Compared.Task.WaitAsync(TestWait.Limit);
        Assert.Equal(3, service.Comparisons);
        await service.StopAsync(CancellationToken.None);
    }

    private sealed class FailingService(IChannelLayer layer, int failures) : ResyncService(layer, TimeProvider.System, NullLogger.Instance)
    {
        public int Comparisons { get; private set; }

        public TaskCompletionSource Compared { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override TimeSpan DegradedInterval => TimeSpan.FromMilliseconds(1);

        public void Request() => RequestResync();

        protected override Task ResyncAsync(CancellationToken cancellationToken)
        {
            if (++Comparisons <= failures)
                throw new InvalidOperationException("No database.");
            Compared.SetResult();
            return Task.CompletedTask;
        }
    }
}
