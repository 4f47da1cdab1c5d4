using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Pages.Drawer;
using BlazorChat.Tests.Feeds;
using Bunit;

namespace BlazorChat.Tests.Rooms.Pages.Drawer;

/// <summary>The drawer on one of two nodes whose network loses, doubles, delays and reorders events.</summary>
[Trait("Speed", "Slow")]
public sealed class RoomNavNetworkTests : ComponentTest
{
    private readonly ChaosNetwork _network = new(seed: 7);

    protected override Task<TestDatabase> CreateSiteAsync() => TestDatabase.CreateAsync(_network.Connect());

    [Fact]
    public async Task Counts_are_those_of_the_database_in_the_end()
    {
        await using var there = await Site.AddNodeAsync(_network.Connect());
        var zoe = await Site.AddPersonAsync("Zoe");
        var ids = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add((await Site.Rooms.CreateAsync(zoe, $"Room {i}", default)).Id);
            await Site.Rooms.JoinAsync(Ada, ids[i], default);
        }

        var nav = Render<RoomNav>();
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 4);

        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (var i = 0; i < 80; i++)
                    await there.Conversation.SendAsync(zoe, ids[i % 4], Guid.NewGuid(), $"{i}", default);
            }),
            Task.Run(() => ReadAsync(there, 1)),
            Task.Run(() => ReadAsync(Site, 2)));
        await there.Preferences.SetLevelAsync(Ada, ids[0], RoomLevel.Nothing, default);
        await there.Preferences.HideAsync(Ada, ids[1], default);
        await there.Conversation.MarkReadAsync(Ada, ids[2], long.MaxValue, default);
        await there.Conversation.MarkUnreadAsync(Ada, ids[2], 3, default);
        await there.Conversation.MarkUnreadAsync(Ada, ids[3], 15, default);

        var rooms = await there.Rooms.ListJoinedAsync(Ada, default);
        var expected = rooms.Where(room => !room.IsHidden).Select(room => (room.Name, room.Counted)).ToArray();
        Assert.Equal([("Room 0", 0), ("Room 2", 18), ("Room 3", rooms[3].Counted)], expected);
        await nav.WaitForStateAsync(() => nav.FindAll("li")
            .Select(row => (row.QuerySelector("bdi")!.TextContent, long.Parse(row.QuerySelector(".room-nav-count .visually-hidden")?.TextContent.Split(' ')[0] ?? "0", System.Globalization.CultureInfo.InvariantCulture)))
            .SequenceEqual(expected));

        async Task ReadAsync(TestDatabase node, int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < 60; i++)
            {
                var roomId = ids[random.Next(4)];
                var newest = (await node.Rooms.FindAsync(Ada, roomId, default))!.LastSequence;
                if (newest > 0 && random.Next(3) == 0)
                    await node.Conversation.MarkUnreadAsync(Ada, roomId, random.NextInt64(1, newest + 1), default);
                else
                    await node.Conversation.MarkReadAsync(Ada, roomId, random.NextInt64(newest + 1), random.Next(2) == 0 ? null : random.Next(3), default);
            }
        }
    }
}
