using BenchmarkDotNet.Attributes;
using BlazorChat.Rooms;

namespace BlazorChat.MicroBenchmarks.Rooms;

/// <summary>The HTML of a row: rendered, and found when another circuit wants it.</summary>
public class MessageRowBenchmarks : RenderBenchmarks
{
    private readonly MessageView _known = Sample.Message(1);
    private long _revision = 1;

    [GlobalSetup]
    public void Start() => StartRenderer();

    [Benchmark(Description = "A row, rendered once on a node")]
    public string Render() => Rows.HtmlOf(_known with { Revision = ++_revision }, startsGroup: true);

    [Benchmark(Description = "A row that was rendered, for another circuit")]
    public string Find() => Rows.HtmlOf(_known, startsGroup: true);

    [GlobalCleanup]
    public Task StopAsync() => StopRendererAsync();
}
