using System.Diagnostics;
using System.Security.Claims;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Benchmarks.CatchUp;

/// <summary>Missed changes, from a node that has them in memory and from one that must read them: as every endpoint reads them, without the network.</summary>
internal sealed class CatchUpScenario : IScenario
{
    private const int Senders = 64;
    private const int WarmUp = 50;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public string Name => "catch-up";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var table = new Table(
            "Changes missed",
            new Column("ms until all are there", "0.00", IsCharted: true),
            new Column("µs for each", "0.0"),
            new Column("CPU µs for each", "0.0"),
            new Column("lost", "0", MustBeZero: true),
            new Column("doubled", "0", MustBeZero: true),
            new Column("reordered", "0", MustBeZero: true))
        { IsOurs = true };
        int[] counts = run.IsQuick ? [100] : [100, 1_000, 10_000];
        await using var writer = await TestDatabase.CreateAsync();
        var person = await writer.AddPersonAsync("Ada");
        var room = await writer.Rooms.CreateAsync(person, "Benchmark", RoomKind.Open, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A follower makes the node hold the newest changes in memory.
        var following = FollowAsync(writer, person, room.Id, ending.Token);
        Run.Report($"catch-up: {counts[^1]:N0} messages are written");
        await SendAsync(writer, person, room.Id, counts[^1], cancellationToken);
        await CatchUpAsync(writer, person, room.Id, WarmUp, cancellationToken);
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var count in counts)
            {
                var hasAtHand = count <= 1_000;
                Run.Report($"catch-up: {count:N0}, round {round} of {run.Rounds}");
                if (hasAtHand && run.Wants(table.Title, "at hand"))
                    table.Add($"{count:N0}, at hand", await MeasureAsync(writer, person, room.Id, count, cancellationToken));
                if (!run.Wants(table.Title, "from the database"))
                    continue;
                // A node that comes new has nothing at hand.
                await using var reader = await writer.AddNodeAsync();
                await CatchUpAsync(reader, person, room.Id, WarmUp, cancellationToken);
                table.Add($"{count:N0}, from the database", await MeasureAsync(reader, person, room.Id, count, cancellationToken));
            }
        }

        await ending.CancelAsync();
        await following;
        return [table];
    }

    private static async Task<double?[]> MeasureAsync(TestDatabase node, ClaimsPrincipal reader, int roomId, int count, CancellationToken cancellationToken)
    {
        var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var revisions = await CatchUpAsync(node, reader, roomId, count, cancellationToken);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - cpu);
        return
        [
            elapsed.TotalMilliseconds,
            elapsed.TotalMicroseconds / count,
            used.TotalMicroseconds / count,
            count - revisions.Distinct().Count(),
            revisions.Count - revisions.Distinct().Count(),
            revisions.Zip(revisions.Skip(1)).Count(pair => pair.Second < pair.First),
        ];
    }

    /// <returns>The revisions of the last so many changes, as they came.</returns>
    private static async Task<List<long>> CatchUpAsync(TestDatabase node, ClaimsPrincipal reader, int roomId, int count, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        var newest = (await node.Conversation.ReadLatestAsync(reader, roomId, timeout.Token)).Revision;
        var revisions = new List<long>(count);
        await foreach (var page in node.Conversation.FollowAsync(reader, roomId, newest - count, timeout.Token))
        {
            revisions.AddRange(page.Changes.Select(change => change.Revision));
            if (page.Revision >= newest)
                break;
        }

        return revisions;
    }

    private static Task SendAsync(TestDatabase node, ClaimsPrincipal sender, int roomId, int count, CancellationToken cancellationToken) =>
        Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken },
            async (number, token) => await node.Conversation.SendAsync(sender, roomId, Guid.NewGuid(), $"message {number}", token));

    private static async Task FollowAsync(TestDatabase node, ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in node.Conversation.FollowAsync(reader, roomId, 0, cancellationToken))
            {
                // It is there, that is enough.
            }
        }
        catch (OperationCanceledException)
        {
            // All is measured.
        }
    }
}
