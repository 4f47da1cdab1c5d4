using System.Diagnostics;
using System.Security.Claims;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>A room in which each message may call thousands of devices, while others write in another room.</summary>
internal static class LargeRoom
{
    private const int Others = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static Column[] Columns =>
    [
        new("ms of the message, p50", IsCharted: true),
        new("ms of others, p50", IsCharted: true),
        new("p99"),
        new("called a second", "N0"),
    ];

    /// <summary>The figures of <see cref="Columns"/>.</summary>
    public static async Task<double?[]> MeasureAsync(string text, int members, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var node = await TestDatabase.CreateAsync();
        var people = new ClaimsPrincipal[Others + 1];
        for (var i = 0; i < people.Length; i++)
            people[i] = await node.AddPersonAsync($"Person {i}");
        var large = await node.Rooms.CreateAsync(people[0], "Large", RoomKind.Open, cancellationToken);
        var other = await node.Rooms.CreateAsync(people[1], "Other", RoomKind.Open, cancellationToken);
        foreach (var person in people.Skip(2))
            await node.Rooms.JoinAsync(person, other.Id, cancellationToken);
        await CallingNode.AddMembersAsync(node, large.Id, members);
        await using var calling = await CallingNode.StartAsync(node, delay: 0);

        // What is compiled and cached at first is not measured.
        await WriteAsync(people[0], large.Id, text);
        await Task.WhenAll(people.Skip(1).Select(person => LoopAsync(person, other.Id, "Hello", TimeSpan.Zero, duration / 2)));
        var (before, began) = (calling.Accepted, Stopwatch.GetTimestamp());
        var message = LoopAsync(people[0], large.Id, text, Pause, duration);
        var others = await Task.WhenAll(people.Skip(1).Select(person => LoopAsync(person, other.Id, "Hello", TimeSpan.Zero, duration)));
        var (own, all) = (new Latencies(), new Latencies());
        (await message).ForEach(own.Add);
        foreach (var latency in others.SelectMany(sent => sent))
            all.Add(latency);
        return
        [
            own.Percentile(0.5),
            all.Percentile(0.5),
            all.Percentile(0.99),
            (calling.Accepted - before) / Stopwatch.GetElapsedTime(began).TotalSeconds,
        ];

        async Task<TimeSpan> WriteAsync(ClaimsPrincipal person, int roomId, string words)
        {
            var at = Stopwatch.GetTimestamp();
            await node.Conversation.SendAsync(person, roomId, Guid.NewGuid(), words, cancellationToken);
            return Stopwatch.GetElapsedTime(at);
        }

        async Task<List<TimeSpan>> LoopAsync(ClaimsPrincipal person, int roomId, string words, TimeSpan pause, TimeSpan limit)
        {
            await Task.Yield();
            var (sent, start) = (new List<TimeSpan>(), Stopwatch.GetTimestamp());
            while (Stopwatch.GetElapsedTime(start) < limit)
            {
                sent.Add(await WriteAsync(person, roomId, words));
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, cancellationToken);
            }

            return sent;
        }
    }
}
