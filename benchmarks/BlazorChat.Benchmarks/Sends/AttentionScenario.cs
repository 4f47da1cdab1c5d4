using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>Messages that call somebody beside plain ones: a mention is looked up and stored in the transaction of its message.</summary>
internal sealed class AttentionScenario : IScenario
{
    private const int Senders = 50;

    // Plain text, which is rendered without Markdown, as most messages are.
    private static readonly (string Name, string Text)[] Texts =
    [
        ("plain", "The quick brown fox jumps over the lazy dog"),
        ("an email address", "The quick brown fox mails dog@example.org"),
        ("a mention", "The quick brown @person-1 jumps over the dog"),
        ("a mention of the room", "The quick brown fox jumps over the @room"),
    ];

    public string Name => "attention";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var senders = run.IsQuick ? 4 : Senders;
        var table = new Table($"{senders} senders at once", SendLoop.Columns) { IsOurs = true };
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var (name, text) in Texts.Where(text => run.Wants(table.Title, text.Name)))
            {
                Run.Report($"attention: round {round} of {run.Rounds}, {name}");
                await using var peer = await BlazorChatSends.StartAsync(senders, cancellationToken);
                await SendLoop.SendAsync(peer, text, senders, TimeSpan.FromSeconds(run.IsQuick ? 0.2 : 6), cancellationToken);
                table.Add(name, await SendLoop.MeasureAsync(peer, text, senders, TimeSpan.FromSeconds(run.Seconds), cancellationToken));
            }
        }

        return [table];
    }
}
