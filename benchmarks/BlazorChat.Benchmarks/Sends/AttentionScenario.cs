using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>Messages that call somebody beside plain ones: a mention is looked up and stored in the transaction of its message.</summary>
internal sealed class AttentionScenario : IScenario
{
    private const int Senders = 50;

    private const int Members = 10_000;

    private const string Plain = "The quick brown fox jumps over the lazy dog";

    private const string OfRoom = "The quick brown fox jumps over the @room";

    // Plain text, which is rendered without Markdown, as most messages are.
    private static readonly (string Name, string Text, bool HaveDevices)[] Texts =
    [
        ("plain", Plain, false),
        ("an email address", "The quick brown fox mails dog@example.org", false),
        ("a mention", "The quick brown @person-1 jumps over the dog", false),
        ("a mention of the room", OfRoom, false),
        ("plain, to devices", Plain, true),
        ("a mention, to devices", "The quick brown @person-1 jumps over the dog", true),
    ];

    public string Name => "attention";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var senders = run.IsQuick ? 4 : Senders;
        var table = new Table($"{senders} senders at once", SendLoop.Columns) { IsOurs = true };
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var (name, text, haveDevices) in Texts.Where(text => run.Wants(table.Title, text.Name)))
            {
                Run.Report($"attention: round {round} of {run.Rounds}, {name}");
                await using var peer = await BlazorChatSends.StartAsync(senders, haveDevices, cancellationToken);
                await SendLoop.SendAsync(peer, text, senders, TimeSpan.FromSeconds(run.IsQuick ? 0.2 : 6), cancellationToken);
                table.Add(name, await SendLoop.MeasureAsync(peer, text, senders, TimeSpan.FromSeconds(run.Seconds), cancellationToken));
            }
        }

        return [table, await MeasureLargeRoomAsync(run, cancellationToken)];
    }

    private static async Task<Table> MeasureLargeRoomAsync(Run run, CancellationToken cancellationToken)
    {
        var members = run.IsQuick ? 100 : Members;
        var table = new Table($"a room of {members:N0} members with a device each", LargeRoom.Columns) { IsOurs = true };
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var (name, text) in new[] { ("plain, large room", Plain), ("a mention of the room, large room", OfRoom) })
            {
                if (!run.Wants(table.Title, name))
                    continue;
                Run.Report($"attention: round {round} of {run.Rounds}, {name}");
                table.Add(name, await LargeRoom.MeasureAsync(text, members, TimeSpan.FromSeconds(run.Seconds), cancellationToken));
            }
        }

        return table;
    }
}
