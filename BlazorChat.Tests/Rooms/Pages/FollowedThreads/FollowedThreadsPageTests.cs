using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Pages.FollowedThreads;
using BlazorChat.Rooms.Threads;
using Bunit;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Pages.FollowedThreads;

public sealed class FollowedThreadsPageTests : ComponentTest
{
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    [Fact]
    public async Task An_empty_list_says_what_will_be_in_it()
    {
        var list = await RenderAsync();

        Assert.Equal("No threads yet. Threads that you reply in, and replies to your messages, appear here.", list.Find(".thread-list-empty").TextContent);
    }

    [Fact]
    public async Task A_reply_to_ones_message_appears_at_once_and_leads_to_the_first_unread_reply()
    {
        await PrepareAsync();
        var list = await RenderAsync();

        await ReplyAsync(1, "**Yes** @zoe, `x < y`");
        await list.WaitForStateAsync(() => list.FindAll("li").Count == 1);
        Assert.Equal($"rooms/{_room.Id}/1/1", list.Find("li a").GetAttribute("href"));
        await ReplyAsync(1, "and more");
        await list.WaitForStateAsync(() => list.Find(".thread-list-count").TextContent == "2 new replies");

        Assert.Equal($"rooms/{_room.Id}/1/1", list.Find("li a").GetAttribute("href"));
        Assert.Equal(
            ("# Room", "root 1", "Zoe and more"),
            (list.Find(".thread-list-room").TextContent, list.Find(".thread-list-text").TextContent, list.Find(".thread-list-reply").TextContent));
        await Follows.MarkReadAsync(Ada, _room.Id, 1, 1, default);
        await list.WaitForStateAsync(() => list.Find("li a").GetAttribute("href") == $"rooms/{_room.Id}/1/2");
        await Follows.MarkReadAsync(Ada, _room.Id, 1, 2, default);
        await list.WaitForStateAsync(() => list.FindAll(".thread-list-count").Count == 0);
        Assert.Equal($"rooms/{_room.Id}/1/2", list.Find("li a").GetAttribute("href"));
    }

    [Fact]
    public async Task Deleted_messages_are_named_and_a_thread_that_one_no_longer_follows_goes()
    {
        await PrepareAsync(roots: 2);
        await ReplyAsync(1, "first");
        var second = await ReplyAsync(2, "second");
        var list = await RenderAsync();
        Assert.Equal(["root 2", "root 1"], list.FindAll(".thread-list-text").Select(text => text.TextContent));

        await Site.Conversation.DeleteAsync(_zoe, _room.Id, second.Sequence, default);
        await list.WaitForStateAsync(() => list.Find(".thread-list-reply").TextContent == "Zoe This message was deleted.");
        await Site.Conversation.DeleteAsync(Ada, _room.Id, 2, default);
        await list.WaitForStateAsync(() => list.Find(".thread-list-text").TextContent == "This message was deleted.");
        await Follows.UnfollowAsync(Ada, _room.Id, 2, default);

        await list.WaitForStateAsync(() => list.FindAll(".thread-list-text").Select(text => text.TextContent).SequenceEqual(["root 1"]));
    }

    [Fact]
    public async Task A_mention_by_an_edit_adds_a_thread_and_leaving_the_room_removes_it()
    {
        await PrepareAsync();
        await Site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "of Zoe", default);
        var reply = await ReplyAsync(2, "hello");
        var list = await RenderAsync();
        Assert.Empty(list.FindAll("li"));

        await Site.Conversation.EditAsync(_zoe, _room.Id, reply.Sequence, "hello @ada", default);
        await list.WaitForStateAsync(() => list.FindAll("li").Count == 1);
        await Site.Services.GetRequiredService<RoomMembers>().RemoveAsync(_zoe, _room.Id, Ada.UserId, default);

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 0);
    }

    [Fact]
    public async Task The_threads_of_a_deleted_room_go()
    {
        await PrepareAsync();
        await ReplyAsync(1, "reply");
        var list = await RenderAsync();
        Assert.Single(list.FindAll("li"));

        await Site.RoomLifecycle.DeleteAsync(_zoe, _room.Id, default);

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 0);
    }

    [Fact]
    public async Task After_lost_events_the_list_is_read_again()
    {
        await PrepareAsync();
        await ReplyAsync(1, "reply");
        var list = await RenderAsync();
        var userId = Ada.UserId;
        await using (var db = await Site.OpenAsync())
            await db.ThreadFollows.Where(follow => follow.UserId == userId).ExecuteDeleteAsync();

        Site.Services.GetRequiredService<ChannelLayer>().SignalGap();

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 0);
    }

    [Fact]
    public async Task A_long_list_shows_more()
    {
        await PrepareAsync(roots: 60);
        for (var root = 1; root <= 60; root++)
            await ReplyAsync(root, $"reply {root}");
        var list = await RenderAsync();
        Assert.Equal(50, list.FindAll("li").Count);

        await list.FindAll("button").Single(button => button.TextContent == "Show more").ClickAsync();

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 60);
        Assert.Equal("root 1", list.FindAll(".thread-list-text")[^1].TextContent);
        // A reload after an event does not make the list shorter.
        await ReplyAsync(1, "again");
        await list.WaitForStateAsync(() => list.Find(".thread-list-text").TextContent == "root 1");
        Assert.Equal(60, list.FindAll("li").Count);
    }

    private ThreadFollows Follows => Site.Services.GetRequiredService<ThreadFollows>();

    private async Task<IRenderedComponent<FollowedThreadsPage>> RenderAsync()
    {
        var list = Render<FollowedThreadsPage>();
        await list.WaitForElementAsync("[data-ready]");
        return list;
    }

    private async Task PrepareAsync(int roots = 1)
    {
        _zoe = await Site.AddPersonAsync("Zoe");
        _room = await Site.Rooms.CreateAsync(_zoe, "Room", RoomKind.Open, default);
        await Site.Services.GetRequiredService<RoomMembers>().AddAsync(_zoe, _room.Id, Ada.UserId, default);
        for (var root = 1; root <= roots; root++)
            await Site.Conversation.SendAsync(Ada, _room.Id, Guid.NewGuid(), $"root {root}", default);
    }

    private Task<MessageView> ReplyAsync(long root, string text) =>
        Site.Conversation.ReplyAsync(_zoe, _room.Id, root, Guid.NewGuid(), text, [], isInRoom: false, default);
}
