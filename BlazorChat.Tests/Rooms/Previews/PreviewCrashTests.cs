using BlazorChat.Rooms;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Previews;

/// <summary>Processes are killed between the commit of a message and its preview, and while its page is read.</summary>
[Trait("Speed", "Slow")]
public sealed class PreviewCrashTests
{
    [Fact]
    public async Task A_preview_arrives_after_its_node_was_killed_while_it_read_the_page()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var pages = await WebPages.StartAsync();
        var held = pages.AddStalled("/slow", "<title>Slow</title>");
        await using var database = await TestDatabase.CreateAsync(redis.ConnectionString, settings: pages.Settings);
        await using var node = await database.StartProcessAsync([.. pages.Settings, "LinkPreviews:Timeout=60"]);
        var ada = await database.AddPersonAsync("Ada");
        var room = await database.Rooms.CreateAsync(ada, "Room", default);

        // The test writes; only the process looks links up.
        await database.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), pages.Of("/slow"), default);
        await pages.RequestedAsync("/slow");
        await node.KillAsync();
        held.SetResult();
        await using (var db = await database.OpenAsync())
        {
            // As after the lease of the killed node.
            var now = DateTime.UtcNow;
            Assert.Equal(1, await db.LinkLookups.Where(lookup => lookup.LeasedUntil > now).ExecuteUpdateAsync(lookup => lookup.SetProperty(l => l.LeasedUntil, now)));
            Assert.Equal(1, await db.MessageLinks.Where(link => link.DueAt > now).ExecuteUpdateAsync(link => link.SetProperty(l => l.DueAt, now)));
        }

        await node.StartAgainAsync();
        await pages.RequestedAsync("/slow");
        await using var follower = new Follower<MessageChanged>(stop => database.Conversation.FollowAsync(ada, room.Id, 0, stop));
        await follower.WaitForAsync(2);

        Assert.Equal("Slow", Assert.Single(follower.Changes[^1].Message.Previews!).Title);
    }
}
