using BenchmarkDotNet.Attributes;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Rooms;

namespace BlazorChat.MicroBenchmarks.Channels;

/// <summary>A group on one node alone, from the call that publishes to the end of the last member's handler.</summary>
public class PublishBenchmarks
{
    private readonly Countdown _handled = new();
    private readonly MessageChanged _event = new(Sample.Message(1));
    private TestNode _node = default!;

    [Params(1, 10, 100, 1000)]
    public int Members { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _node = await TestNode.StartAsync(configure: services => services.AddEvents(RoomEventsJson.Default));
        for (var i = 0; i < Members; i++)
            await _node.ConnectAsync(new Member(_handled));
    }

    [Benchmark(Description = "An event to {0:N0} in a group, until all have handled it")]
    public async Task PublishAsync()
    {
        _handled.Start(Members);
        await _node.Layer.PublishAsync(Member.Group, _event);
        _handled.Wait();
    }

    [GlobalCleanup]
    public Task StopAsync() => _node.DisposeAsync().AsTask();

    private sealed class Member(Countdown handled) : CircuitConsumer, IHandle<MessageChanged>
    {
        public const string Group = "room.1";

        protected override IEnumerable<string> Groups => [Group];

        public ValueTask HandleAsync(MessageChanged message, CancellationToken cancellationToken)
        {
            handled.Count();
            return ValueTask.CompletedTask;
        }
    }
}
