using System.Diagnostics;
using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Benchmarks.History;

/// <summary>The cost of a long history for opening a room, scrolling and writing in it.</summary>
internal sealed class HistoryScenario : IScenario
{
    /// <summary>Each as many words as people write on average.</summary>
    private const string Insert =
        """
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {2})
        INSERT INTO Messages (RoomId, Sequence, Revision, FirstRevision, AuthorId, ClientMessageId, Markdown, Html, SentAt)
        SELECT {0}, n, n, n, {1}, hex(randomblob(16)), 'Message ' || n || ' of a long conversation', '<p>Message ' || n || ' of a long conversation</p>',
               datetime(1750000000 + n, 'unixepoch')
        FROM numbers
        """;

    public string Name => "history";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var table = new Table(
            "A room's history",
            new Column("ms to read the newest messages, p50", "0.00", IsCharted: true),
            new Column("p99", "0.00"),
            new Column("ms to read a page of 50 somewhere, p50", "0.00", IsCharted: true),
            new Column("p99", "0.00"),
            new Column("ms to send, p50", "0.00", IsCharted: true),
            new Column("p99", "0.00"));
        await using var node = await TestDatabase.CreateAsync();
        var person = await node.AddPersonAsync("Ada");
        var rooms = new List<(int Id, int Length)>();
        foreach (var length in run.IsQuick ? [100, 10_000] : new[] { 100, 1_000_000 })
        {
            Run.Report($"history: {length:N0} messages are written");
            rooms.Add(((await FillAsync(node, person, length, cancellationToken)), length));
        }

        await MeasureAsync(node, person, rooms[0].Id, rooms[0].Length, TimeSpan.FromSeconds(run.IsQuick ? 0.1 : 3), cancellationToken);
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var (id, length) in rooms)
            {
                Run.Report($"history: {length:N0} messages, round {round} of {run.Rounds}");
                table.Add($"{length:N0} messages", await MeasureAsync(node, person, id, length, TimeSpan.FromSeconds(run.IsQuick ? 0.2 : run.Seconds), cancellationToken));
            }
        }

        return [table];
    }

    private static async Task<int> FillAsync(TestDatabase node, ClaimsPrincipal person, int length, CancellationToken cancellationToken)
    {
        var room = await node.Rooms.CreateAsync(person, $"{length} messages", RoomKind.Open, cancellationToken);
        await using var db = await node.OpenAsync();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(5));
        await db.Database.ExecuteSqlRawAsync(Insert, [room.Id, person.UserId, length], cancellationToken);
        await db.Rooms.Where(r => r.Id == room.Id).ExecuteUpdateAsync(
            update => update.SetProperty(r => r.LastSequence, length).SetProperty(r => r.LastRevision, length), cancellationToken);
        return room.Id;
    }

    private static async Task<double?[]> MeasureAsync(
        TestDatabase node, ClaimsPrincipal person, int roomId, int length, TimeSpan duration, CancellationToken cancellationToken)
    {
        var (newest, older, send) = (new Latencies(), new Latencies(), new Latencies());
        var random = new Random(length);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration;)
        {
            // The newest page is cached until the room changes, so it is read again after each message.
            await TimeAsync(send, () => node.Conversation.SendAsync(person, roomId, Guid.NewGuid(), "One more", cancellationToken));
            await TimeAsync(newest, () => node.Conversation.ReadLatestAsync(person, roomId, cancellationToken));
            await TimeAsync(older, () => node.Conversation.ReadBeforeAsync(person, roomId, random.Next(51, length), cancellationToken));
        }

        return
        [
            newest.Percentile(0.5), newest.Percentile(0.99), older.Percentile(0.5), older.Percentile(0.99), send.Percentile(0.5), send.Percentile(0.99),
        ];
    }

    private static async Task TimeAsync(Latencies latencies, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        latencies.Add(Stopwatch.GetElapsedTime(began));
    }
}
