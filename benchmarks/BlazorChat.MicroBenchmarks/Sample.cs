using BlazorChat.Rooms;

namespace BlazorChat.MicroBenchmarks;

/// <summary>Messages as people write them: some words emphasised, some characters beyond ASCII, an author for three in a row.</summary>
internal static class Sample
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public static MessageView Message(long sequence, int characters = 60)
    {
        const string sentence = "The *second* carriage is late, and nobody knows “why” yet. ";
        var text = string.Concat(Enumerable.Repeat(sentence, characters / sentence.Length + 1))[..characters];
        var html = $"<p>{text.Replace("*second*", "<em>second</em>", StringComparison.Ordinal)}</p>\n";
        var author = 1 + (int)(sequence / 3 % 5);
        return new MessageView(1, sequence, sequence, author, $"Person {author}", Guid.NewGuid(), text, html, Noon.AddSeconds(sequence % 3600), FirstRevision: sequence);
    }
}
