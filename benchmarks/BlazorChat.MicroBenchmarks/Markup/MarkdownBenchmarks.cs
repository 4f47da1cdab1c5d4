using BenchmarkDotNet.Attributes;
using BlazorChat.Markup;
using BlazorChat.Markup.Parsing;

namespace BlazorChat.MicroBenchmarks.Markup;

/// <summary>The longest message, with different contents. The budget for each is 20 ms.</summary>
public class MarkdownBenchmarks
{
    private const int Length = 8_000;

    private string _text = "";

    [Params("quotes", "marks", "lines", "addresses", "prose")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Start() => _text = Kind switch
    {
        "quotes" => Fill(">"),
        // As many as are looked at, and then words.
        "marks" => Fill("*a ", MarkdownBounds.MaxMarks) + Fill("word ", 1_000),
        "lines" => Fill("> a\n", MarkdownBounds.MaxLines),
        "addresses" => Fill("http://a.b ", MarkdownBounds.MaxMarks),
        _ => Fill("A **sentence** of words, and [a link](https://example.org/a).\n\n"),
    };

    [Benchmark(Description = "A message of {0}, rendered")]
    public string Render() => MarkdownHtml.RenderMarked(_text);

    private static string Fill(string part, int times = int.MaxValue) =>
        string.Concat(Enumerable.Repeat(part, Math.Min(times, Length / part.Length)));
}
