using BenchmarkDotNet.Attributes;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Pages.Rows;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.MicroBenchmarks.Rooms;

/// <summary>A message that comes to a page that is full, so that the oldest go. Its row has been rendered, as it has for all circuits but the first.</summary>
public class MessageListBenchmarks : RenderBenchmarks
{
    private const int Messages = 2_000;

    private readonly Dictionary<string, object?> _parameters = new() { [nameof(MessageList.RoomName)] = "Room" };
    private MessageView[] _messages = [];
    private RoomTimeline _timeline = new();
    private int _next;
    private int _list;

    [GlobalSetup]
    public async Task StartAsync()
    {
        StartRenderer();
        _messages = [.. Enumerable.Range(1, Messages).Select(sequence => Sample.Message(sequence))];
        foreach (var message in _messages)
            Rows.HtmlOf(message, startsGroup: false);
        _list = await Renderer.AddAsync<MessageList>(Next());
    }

    [Benchmark(Description = "A message that comes to a full page")]
    public Task AddAsync() => Renderer.UpdateAsync(_list, Next());

    [GlobalCleanup]
    public Task StopAsync() => StopRendererAsync();

    private ParameterView Next()
    {
        if (_next % Messages == 0)
        {
            _timeline = new RoomTimeline();
            _timeline.Reset(new MessagePage(_messages[..RoomTimeline.Capacity], 0));
            _next = RoomTimeline.Capacity;
        }

        _timeline.Apply(_messages[_next++]);
        _parameters[nameof(MessageList.Messages)] = _timeline.Messages;
        return ParameterView.FromDictionary(_parameters);
    }
}
