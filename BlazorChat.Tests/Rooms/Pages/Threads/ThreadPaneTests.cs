using System.Security.Claims;
using BlazorChat.Accounts.Presence;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Composing;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Pages.Threads;
using BlazorChat.Rooms.Threads;
using Bunit;

namespace BlazorChat.Tests.Rooms.Pages.Threads;

/// <summary>A thread beside its room, and what the room shows of it.</summary>
public sealed class ThreadPaneTests : ComponentTest
{
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    [Fact]
    public async Task A_room_shows_the_replies_of_a_message_as_they_come_and_no_reply()
    {
        await PrepareAsync();
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, _room));
        await pane.WaitForElementAsync("#m-1");
        Assert.Empty(pane.FindAll(".message-thread"));

        await ReplyAsync(Ada, "one");
        await pane.WaitForStateAsync(() => pane.FindAll("#m-1 .message-replies") is [{ TextContent: "1 reply" }]);
        await ReplyAsync(_zoe, "two");
        await pane.WaitForStateAsync(() => pane.FindAll("#m-1 .message-replies") is [{ TextContent: "2 replies" }]);

        Assert.Equal($"rooms/{_room.Id}/1", pane.Find("#m-1 .message-thread").GetAttribute("href"));
        Assert.Equal(2, pane.FindAll("#m-1 .avatar").Count);
        Assert.Single(pane.FindAll("article"));
        await ReplyAsync(_zoe, "for all", isInRoom: true);
        Assert.Equal($"rooms/{_room.Id}/1/3", (await pane.WaitForElementAsync("#m-2 .message-in-thread")).GetAttribute("href"));
        // Another circuit that opens the room has the same rows.
        var other = Render<ChatPane>(parameters => parameters.Add(p => p.Room, _room));
        Assert.Equal("3 replies", (await other.WaitForElementAsync("#m-1 .message-replies")).TextContent);
    }

    [Fact]
    public async Task A_thread_shows_its_message_and_its_replies_and_follows_changes()
    {
        await PrepareAsync();
        await ReplyAsync(_zoe, "one");
        var pane = RenderThread();
        await pane.WaitForElementAsync("#r-1");

        await Site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "not here", default);
        var two = await ReplyAsync(_zoe, "two", isInRoom: true);
        await pane.WaitForElementAsync("#r-2");
        await Site.Conversation.EditAsync(_zoe, _room.Id, two.Sequence, "zwei", default);
        await pane.WaitForStateAsync(() => pane.Find("#r-2 .message-text").TextContent.Contains("zwei", StringComparison.Ordinal));

        Assert.Equal(["0", "1", "2"], pane.FindAll("article").Select(row => row.GetAttribute("data-sequence")));
        Assert.Empty(pane.FindAll(".message-thread"));
        // The mark of new replies is above the first one, and not above the message.
        Assert.Single(pane.FindAll(".messages-new"));
        Assert.Contains("message-first", pane.Find("#r-1").ClassName, StringComparison.Ordinal);
        await Site.Conversation.DeleteAsync(Ada, _room.Id, 1, default);
        await pane.WaitForElementAsync("#r-0 .message-deleted");
        Assert.Equal("This message was deleted. You can't reply to it.", pane.Find(".thread-closed").TextContent);
        Assert.Empty(pane.FindAll("textarea"));
    }

    [Fact]
    public async Task A_reply_is_written_changed_and_deleted_by_its_number()
    {
        await PrepareAsync();
        var pane = RenderThread();
        await pane.WaitForElementAsync("#r-0");
        var composer = pane.FindComponent<Composer>().Instance;

        Assert.Equal(SendResult.Accepted, await pane.InvokeAsync(() => composer.SendAsync(Guid.NewGuid(), "mine", [], false)));
        await pane.WaitForElementAsync("#r-1");
        Assert.Equal(SendResult.Accepted, await pane.InvokeAsync(() => composer.SendAsync(Guid.NewGuid(), "shown", [], true)));
        await pane.WaitForElementAsync("#r-2");
        Assert.Equal(SendResult.Accepted, await pane.InvokeAsync(() => composer.EditAsync(2, "shown *too*")));
        await pane.WaitForElementAsync("#r-2 em");
        Assert.Equal("root", await pane.InvokeAsync(() => composer.GetText(0)));
        Assert.Equal(SendResult.Accepted, await pane.InvokeAsync(() => composer.EditAsync(0, "**root**")));
        await pane.WaitForElementAsync("#r-0 strong");

        var page = await Site.Conversation.ReadLatestAsync(_zoe, _room.Id, default);
        Assert.Equal(["**root**", "shown *too*"], page.Messages.Select(message => message.Markdown));
        Assert.Equal(SendStatus.Refused, (await pane.InvokeAsync(() => composer.EditAsync(9, "nothing"))).Status);
    }

    [Fact]
    public async Task Reading_counts_for_followers_and_one_can_stop_following()
    {
        await PrepareAsync();
        await ReplyAsync(_zoe, "one");
        await ReplyAsync(_zoe, "two");
        var pane = RenderThread();
        await pane.WaitForElementAsync("#r-2");
        var list = pane.FindComponent<MessageList>();
        Assert.Equal((0L, 1L), (list.Instance.ReadUpTo, list.Instance.FirstUnread));

        Assert.True(await pane.InvokeAsync(() => list.Instance.SeenAsync(2)));
        Assert.Equal(0, Assert.Single(await ListAsync()).Unread);
        await pane.Find("button[aria-pressed]").ClickAsync();
        Assert.Empty(await ListAsync());
        await pane.WaitForElementAsync("button[aria-pressed=false]");
        await pane.Find("button[aria-pressed]").ClickAsync();
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task A_pane_learns_that_its_reader_follows_the_thread_by_a_mention_and_what_other_tabs_do()
    {
        await PrepareAsync();
        await Site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "of Zoe", default);
        var pane = RenderThread(root: 2);
        await pane.WaitForElementAsync("#r-0");
        var list = pane.FindComponent<MessageList>();
        await ReplyAsync(_zoe, "one", root: 2);
        await pane.WaitForElementAsync("#r-1");
        Assert.Null(list.Instance.ReadUpTo);

        var mention = await ReplyAsync(_zoe, "two @ada", root: 2);
        await pane.WaitForStateAsync(() => list.Instance.ReadUpTo == 1);
        var follows = Site.Services.GetRequiredService<ThreadFollows>();
        await follows.MarkReadAsync(Ada, _room.Id, 2, 2, default);
        await pane.WaitForStateAsync(() => list.Instance.ReadUpTo == 2);
        await follows.UnfollowAsync(Ada, _room.Id, 2, default);
        await pane.WaitForElementAsync("button[aria-pressed=false]");
        // An edit that mentioned the reader before does not follow again.
        await Site.Conversation.EditAsync(_zoe, _room.Id, mention.Sequence, "three @ada", default);
        await pane.WaitForStateAsync(() => pane.Find("#r-2 .message-text").TextContent.Contains("three", StringComparison.Ordinal));
        Assert.Null(list.Instance.ReadUpTo);
    }

    [Fact]
    public async Task The_first_reply_to_ones_own_message_follows_it_in_an_open_pane()
    {
        await PrepareAsync();
        var pane = RenderThread();
        await pane.WaitForElementAsync("#r-0");

        await ReplyAsync(_zoe, "one");

        await pane.WaitForElementAsync("button[aria-pressed=true]");
        Assert.Equal(0, pane.FindComponent<MessageList>().Instance.ReadUpTo);
    }

    [Fact]
    public async Task A_reply_with_here_is_found_by_its_key_for_those_whom_it_mentions()
    {
        await PrepareAsync();
        using var window = Site.Services.GetRequiredService<PresenceDirectory>().Open(Ada);
        var reply = await ReplyAsync(_zoe, "Who is @here?");
        var pane = RenderThread();
        await pane.WaitForElementAsync("#r-1");
        var list = pane.FindComponent<MessageList>().Instance;

        Assert.True(list.IsMember);
        Assert.Equal($"{reply.Sequence}", pane.Find("#r-1").GetAttribute("data-key"));
        Assert.Equal([reply.Sequence], await pane.InvokeAsync(() => list.FindHereAsync([reply.Sequence, 1])));
        Assert.Equal(1, await pane.InvokeAsync(pane.FindComponent<Composer>().Instance.CountFollowersAsync));
    }

    [Fact]
    public async Task A_long_thread_is_read_in_pages_from_a_named_reply()
    {
        await PrepareAsync();
        for (var i = 1; i <= 120; i++)
            await ReplyAsync(_zoe, $"reply {i}");
        var pane = RenderThread(reply: 20);
        await pane.WaitForElementAsync("#r-120");
        var list = pane.FindComponent<MessageList>().Instance;
        Assert.Equal(20, list.Named);
        Assert.Empty(pane.FindAll("#r-0"));

        await pane.InvokeAsync(() => list.GoToAsync(20));
        await pane.WaitForElementAsync("#r-20");
        await pane.InvokeAsync(list.LoadOlderAsync);
        await pane.WaitForElementAsync("#r-0");
        await pane.InvokeAsync(list.LoadNewerAsync);
        await pane.InvokeAsync(list.LoadNewerAsync);

        Assert.Equal(Enumerable.Range(0, 121).Select(i => $"{i}"), pane.FindAll("article").Select(row => row.GetAttribute("data-sequence")));
    }

    [Fact]
    public async Task An_address_of_no_message_says_so()
    {
        await PrepareAsync();

        var pane = RenderThread(root: 9);

        Assert.Equal("There is no such message.", (await pane.WaitForElementAsync(".thread-note[role=status]:not(.thread-opening)")).TextContent);
    }

    private async Task PrepareAsync()
    {
        _zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Rooms.JoinAsync(_zoe, room.Id, default);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "root", default);
        _room = (await Site.Rooms.FindAsync(Ada, room.Id, default))!;
    }

    private IRenderedComponent<ThreadPane> RenderThread(long root = 1, long? reply = null) =>
        Render<ThreadPane>(parameters => parameters.Add(p => p.Room, _room).Add(p => p.Root, root).Add(p => p.Reply, reply));

    private Task<MessageView> ReplyAsync(ClaimsPrincipal author, string text, bool isInRoom = false, long root = 1) =>
        Site.Conversation.ReplyAsync(author, _room.Id, root, Guid.NewGuid(), text, [], isInRoom, default);

    private Task<IReadOnlyList<FollowedThread>> ListAsync() =>
        Site.Services.GetRequiredService<ThreadDirectory>().ListAsync(Ada, before: null, default);
}
