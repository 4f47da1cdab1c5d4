using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Pages.Mentions;
using Bunit;

namespace BlazorChat.Tests.Rooms.Pages.Mentions;

public sealed class MentionListPageTests : ComponentTest
{
    [Fact]
    public async Task An_empty_list_says_what_will_be_in_it()
    {
        var list = await RenderAsync();

        Assert.Equal("No mentions yet. Messages that mention you appear here.", list.Find(".mention-list-empty").TextContent);
    }

    [Fact]
    public async Task A_new_mention_appears_at_once_and_leads_to_its_message()
    {
        var (zoe, room) = await AddRoomAsync();
        await SendAsync(zoe, room, "nothing");
        var list = await RenderAsync();

        await SendAsync(zoe, room, "**Hello** @ada님, `x < y`");

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 1);
        Assert.Equal($"rooms/{room.Id}#m-2", list.Find("li a").GetAttribute("href"));
        Assert.Equal("Hello @Ada님, x < y", list.Find(".mention-list-text").TextContent);
        Assert.Equal(("Zoe", "Room"), (list.Find(".mention-list-author").TextContent, list.Find(".mention-list-room bdi").TextContent));
        await Site.Conversation.DeleteAsync(zoe, room.Id, 2, default);
        await list.WaitForStateAsync(() => list.FindAll("li").Count == 0);
    }

    [Fact]
    public async Task A_mention_of_the_room_appears_too_and_leaves_with_the_right_to_the_room()
    {
        var (zoe, room) = await AddRoomAsync(RoomKind.Private);
        var list = await RenderAsync();

        await SendAsync(zoe, room, "@room, look");
        await list.WaitForStateAsync(() => list.FindAll("li").Count == 1);
        await Site.Services.GetRequiredService<RoomMembers>().RemoveAsync(zoe, room.Id, Ada.UserId, default);

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 0);
    }

    [Fact]
    public async Task After_lost_events_the_list_is_read_again()
    {
        var (zoe, room) = await AddRoomAsync();
        var list = await RenderAsync();
        await using (var db = await Site.OpenAsync())
        {
            // As a node whose events were lost has written it.
            db.Add(new Message
            {
                RoomId = room.Id,
                Sequence = 1,
                Revision = 1,
                FirstRevision = 1,
                AuthorId = zoe.UserId,
                ClientMessageId = Guid.NewGuid(),
                Markdown = "@ada",
                Html = "<p>@ada</p>",
                SentAt = DateTime.UnixEpoch,
            });
            db.Add(new Mention { RoomId = room.Id, Sequence = 1, UserId = Ada.UserId });
            await db.SaveChangesAsync();
        }

        Site.Services.GetRequiredService<ChannelLayer>().SignalGap();

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 1);
    }

    [Fact]
    public async Task A_long_list_shows_more()
    {
        var (zoe, room) = await AddRoomAsync();
        for (var i = 1; i <= 60; i++)
            await SendAsync(zoe, room, $"@ada {i}");
        var list = await RenderAsync();
        Assert.Equal(50, list.FindAll("li").Count);

        await list.FindAll("button").Single(button => button.TextContent == "Show more").ClickAsync();

        await list.WaitForStateAsync(() => list.FindAll("li").Count == 60);
        Assert.Equal("@Ada 1", list.FindAll(".mention-list-text")[^1].TextContent);
        // A reload after an event does not make the list shorter.
        await SendAsync(zoe, room, "@ada 61");
        await list.WaitForStateAsync(() => list.Find(".mention-list-text").TextContent == "@Ada 61");
        Assert.InRange(list.FindAll("li").Count, 60, 61);
    }

    private async Task<IRenderedComponent<MentionListPage>> RenderAsync()
    {
        var list = Render<MentionListPage>();
        await list.WaitForElementAsync("[data-ready]");
        return list;
    }

    private async Task<(ClaimsPrincipal Zoe, RoomView Room)> AddRoomAsync(RoomKind kind = RoomKind.Open)
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", kind, default);
        await Site.Services.GetRequiredService<RoomMembers>().AddAsync(zoe, room.Id, Ada.UserId, default);
        return (zoe, room);
    }

    private Task<MessageView> SendAsync(ClaimsPrincipal person, RoomView room, string text) =>
        Site.Conversation.SendAsync(person, room.Id, Guid.NewGuid(), text, default);
}
