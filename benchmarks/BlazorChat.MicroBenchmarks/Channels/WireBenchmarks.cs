using BenchmarkDotNet.Attributes;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Rooms;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorChat.MicroBenchmarks.Channels;

/// <summary>Encoding an event for other nodes, and decoding it there. The group has no members, and no network is used.</summary>
public class WireBenchmarks
{
    private const string Group = "room.1";

    private readonly Recorder _sent = new();
    private MessageChanged _event = default!;
    private TestNode _sender = default!;
    private TestNode _receiver = default!;
    private ChannelLayer _listening = default!;
    private byte[] _envelope = [];

    [Params(60, 2000)]
    public int Characters { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _event = new MessageChanged(Sample.Message(1, Characters));
        _sender = await StartNodeAsync(_sent);
        _receiver = await StartNodeAsync(new Recorder());
        _listening = _receiver.Services.GetRequiredService<ChannelLayer>();
        await Encode();
        _envelope = _sent.Last;
    }

    [Benchmark(Description = "A message of {0:N0} characters written for other nodes")]
    public ValueTask Encode() => _sender.Layer.PublishAsync(Group, _event);

    [Benchmark(Description = "A message of {0:N0} characters read from another node")]
    public void Decode() => _listening.Receive(Group, _envelope);

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _sender.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private static Task<TestNode> StartNodeAsync(IBackplane backplane) => TestNode.StartAsync(
        configure: services => services.AddEvents(RoomEventsJson.Default).Replace(ServiceDescriptor.Singleton(backplane)));

    /// <summary>Stores the last payload.</summary>
    private sealed class Recorder : IBackplane
    {
        public byte[] Last { get; private set; } = [];

        public LayerState State => LayerState.Connected;

        public void Start(IBackplaneListener listener)
        {
        }

        public void Publish(string group, byte[] envelope) => Last = envelope;

        public Task SubscribeAsync(string group) => Task.CompletedTask;

        public Task UnsubscribeAsync(string group) => Task.CompletedTask;
    }
}
