using BenchmarkDotNet.Attributes;
using BlazorChat.Rooms;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.MicroBenchmarks.Rooms;

/// <summary>One row that comes and goes, by itself.</summary>
public class MessageRowBenchmarks : RenderBenchmarks
{
    private readonly ParameterView _parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
    {
        [nameof(MessageRow.Message)] = Sample.Message(1),
        [nameof(MessageRow.StartsGroup)] = true,
    });

    [GlobalSetup]
    public void Start() => StartRenderer();

    [Benchmark(Description = "A row rendered by itself")]
    public async Task RenderAsync() => await Renderer.RemoveAsync(await Renderer.AddAsync<MessageRow>(_parameters));

    [GlobalCleanup]
    public Task StopAsync() => StopRendererAsync();
}
