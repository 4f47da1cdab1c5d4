using BenchmarkDotNet.Attributes;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Api.Socket;

namespace BlazorChat.MicroBenchmarks.Rooms;

/// <summary>The frame that is encoded once for all sockets of a node. A message caches its frame, so each run has a new message.</summary>
public class FrameBenchmarks
{
    private MessageView _message = default!;

    [Params(60, 2000)]
    public int Characters { get; set; }

    [GlobalSetup]
    public void Start() => _message = Sample.Message(1, Characters);

    [Benchmark(Description = "The frame of a message of {0:N0} characters for sockets")]
    public int Encode() => ChatFrame.Of(_message with { }).Length;
}
