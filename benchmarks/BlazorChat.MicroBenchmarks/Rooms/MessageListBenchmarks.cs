using BenchmarkDotNet.Attributes;
using BlazorChat.Rooms;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.MicroBenchmarks.Rooms;

/// <summary>A list that one message is added to; the oldest goes, as it does on a page that is full.</summary>
public class MessageListBenchmarks : RenderBenchmarks
{
    private readonly Dictionary<string, object?> _parameters = new() { [nameof(MessageList.RoomName)] = "Room" };
    private MessageView[] _messages = [];
    private int _oldest;
    private int _list;

    [Params(50, 200)]
    public int Rows { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        StartRenderer();
        // As many again, in a circle: who has gone may come once more, as somebody new.
        MessageView[] circle = [.. Enumerable.Range(1, 2 * Rows).Select(sequence => Sample.Message(sequence))];
        _messages = [.. circle, .. circle];
        _list = await Renderer.AddAsync<MessageList>(Next());
    }

    [Benchmark(Description = "One more row in a list of {0:N0}")]
    public Task AddAsync() => Renderer.UpdateAsync(_list, Next());

    [GlobalCleanup]
    public Task StopAsync() => StopRendererAsync();

    private ParameterView Next()
    {
        _oldest = (_oldest + 1) % (2 * Rows);
        _parameters[nameof(MessageList.Messages)] = new ArraySegment<MessageView>(_messages, _oldest, Rows);
        return ParameterView.FromDictionary(_parameters);
    }
}
