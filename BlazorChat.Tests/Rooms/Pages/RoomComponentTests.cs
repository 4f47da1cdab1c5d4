using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common.Localization;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Composing;
using BlazorChat.Rooms.Pages.Drawer;
using BlazorChat.Rooms.Pages.Rows;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Pages;

public sealed class RoomComponentTests : ComponentTest
{
    private System.Security.Claims.ClaimsPrincipal _zoe = default!;

    [Fact]
    public async Task An_open_room_list_shows_created_renamed_and_joined_rooms()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        Assert.Contains("Create the first one", list.Markup, StringComparison.Ordinal);

        var room = await Site.Rooms.CreateAsync(zoe, "<i>Release</i>", default);
        await list.WaitForStateAsync(() => list.FindAll("li bdi").Any(name => name.TextContent == "<i>Release</i>"));
        await Site.RoomSettings.RenameAsync(zoe, room.Id, "Lobby", default);
        await list.WaitForStateAsync(() => list.FindAll("li bdi").Any(name => name.TextContent == "Lobby"));

        await list.Find("button[aria-label='Join Lobby']").ClickAsync();
        Assert.True((await Site.Rooms.FindAsync(Ada, room.Id, default))!.IsMember);
        Assert.EndsWith($"rooms/{room.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drawer_lists_joined_rooms()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        await Site.Rooms.CreateAsync(zoe, "Zoe's", default);
        await Site.Rooms.CreateAsync(Ada, "Ada's", default);
        var nav = Render<RoomNav>();

        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 1);

        Assert.Equal("Ada's", nav.Find("li bdi").TextContent);
    }

    [Fact]
    public async Task The_chat_pane_shows_messages_in_order_and_once()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await SendAsync(room, "before");
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => SendAsync(room, $"message {i}"))));
        await pane.WaitForStateAsync(() => pane.FindAll("article").Count == 41);

        Assert.Equal(
            Enumerable.Range(1, 41).Select(i => $"{i}"),
            pane.FindAll("article").Select(row => row.GetAttribute("data-sequence")));
    }

    [Fact]
    public async Task A_guest_of_a_room_can_read_and_is_asked_to_join()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        var seen = await Site.Rooms.FindAsync(Ada, room.Id, default);

        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen!));

        Assert.Equal("Join to write", pane.Find(".chat-closed button").TextContent);
        Assert.Empty(pane.FindAll("textarea"));
    }

    [Fact]
    public async Task Buttons_are_disabled_before_the_circuit_starts()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        var seen = await Site.Rooms.FindAsync(Ada, room.Id, default);
        SetRendererInfo(new RendererInfo("Static", isInteractive: false));

        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen!));

        Assert.True(pane.Find(".chat-closed button").HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_composer_returns_the_result_of_a_send()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room));
        var composer = pane.FindComponent<Composer>();
        Assert.Equal("Message #Room", pane.Find("textarea").GetAttribute("aria-label"));

        var accepted = await pane.InvokeAsync(() => composer.Instance.SendAsync(Guid.NewGuid(), "hello", [], false));
        var empty = await pane.InvokeAsync(() => composer.Instance.SendAsync(Guid.NewGuid(), "  ", [], false));
        await Site.Owners.LeaveAsync(Ada, room.Id, null, default);
        var outside = await pane.InvokeAsync(() => composer.Instance.SendAsync(Guid.NewGuid(), "hello?", [], false));

        Assert.Equal(SendResult.Accepted, accepted);
        Assert.Equal(new SendResult(SendStatus.Refused, "Write something first."), empty);
        Assert.Equal(new SendResult(SendStatus.Refused, "Join the room to write in it."), outside);
    }

    [Fact]
    public void A_message_row_shows_its_author_as_text_and_leaves_the_time_to_the_browser()
    {
        var sent = new DateTime(2026, 1, 1, 23, 30, 0, DateTimeKind.Utc);
        var message = new MessageView(1, 7, 7, 2, "<b>Zoë</b>", Guid.NewGuid(), "", "<p>hi <em>there</em></p>", sent);

        var row = Render<MessageRow>(parameters => parameters.Add(p => p.Message, message).Add(p => p.StartsGroup, true));

        Assert.Equal("<b>Zoë</b>", row.Find(".message-author").TextContent);
        Assert.Equal("there", row.Find(".message-text em").TextContent);
        Assert.Equal("clock", row.Find("time").GetAttribute("data-time"));
        Assert.Equal(sent, DateTime.Parse(row.Find("time").GetAttribute("datetime")!, System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime());
    }

    [Fact]
    public void G18_A_row_marks_an_admin()
    {
        var message = Message(1, author: 1, DateTime.UnixEpoch);
        var row = Render<MessageRow>(parameters => parameters.Add(p => p.Message, message).Add(p => p.StartsGroup, true));
        Assert.Empty(row.FindAll(".message-admin"));

        row.Render(parameters => parameters.Add(p => p.Message, message with { AuthorIsAdmin = true }));

        Assert.Equal("Admin", row.Find(".message-admin").TextContent);
        var rows = Services.GetRequiredService<RenderedRows>();
        Assert.DoesNotContain("message-admin", rows.HtmlOf(message, startsGroup: true), StringComparison.Ordinal);
        Assert.Contains("message-admin", rows.HtmlOf(message with { AuthorIsAdmin = true }, startsGroup: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task G18_An_open_page_shows_new_admins_and_changes_of_authors_that_it_missed()
    {
        var room = await SharedRoomAsync();
        await SendAsync(room, "mine");
        await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), "hers", default);
        var seen = await FindAsync(room);
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen));
        await pane.WaitForElementAsync("#m-2");
        // A message after the first read reaches a page that follows.
        await SendAsync(room, "and more");
        await pane.WaitForElementAsync("#m-3");
        await using (var db = await Site.OpenAsync())
        {
            var role = new IdentityRole<int>(SignedInUser.AdminRole);
            db.Add(role);
            await db.SaveChangesAsync();
            db.Add(new IdentityUserRole<int> { UserId = _zoe.UserId, RoleId = role.Id });
            await db.SaveChangesAsync();
        }

        await Services.GetRequiredService<AdminRights>().PublishChangeAsync(_zoe.UserId);
        await pane.WaitForElementAsync("#m-2 .message-admin");
        Assert.Single(pane.FindAll(".message-admin"));

        // This change has no event.
        var ada = Ada.UserId;
        await using (var db = await Site.OpenAsync())
            await db.Users.Where(user => user.Id == ada).ExecuteUpdateAsync(user => user.SetProperty(u => u.AvatarId, Guid.NewGuid()));
        Site.Services.GetRequiredService<ChannelLayer>().SignalGap();
        await pane.WaitForElementAsync("#m-1 [data-avatar]");
    }

    [Fact]
    public void A_new_message_renders_only_the_last_chunk_of_the_list()
    {
        var messages = Enumerable.Range(1, 60).Select(i => Message(i, author: 1, DateTime.UnixEpoch)).ToList();
        var list = Render<MessageList>(parameters => parameters.Add(p => p.RoomName, "Room").Add(p => p.Messages, messages));
        Assert.Equal([1, 1, 1], Renders());

        messages.Add(Message(61, author: 1, DateTime.UnixEpoch));
        list.Render(parameters => parameters.Add(p => p.Messages, messages));
        Assert.Equal([1, 1, 2], Renders());

        messages[9] = messages[9] with { Revision = 62, Html = "<p>edited</p>" };
        list.Render(parameters => parameters.Add(p => p.Messages, messages));
        Assert.Equal([2, 1, 2], Renders());
        Assert.Equal("edited", list.Find("#m-10 p").TextContent);
        Assert.Equal(61, list.FindAll("article").Count);

        int[] Renders() => [.. list.FindComponents<MessageChunkRows>().Select(chunk => chunk.RenderCount)];
    }

    [Fact]
    public void E6_A_row_is_rendered_once_for_all_time_zones_and_languages()
    {
        var rows = Services.GetRequiredService<RenderedRows>();
        var message = Message(1, author: 1, new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc));

        var row = rows.HtmlOf(message, startsGroup: true);

        Assert.Contains("12:00", row, StringComparison.Ordinal);
        Assert.Same(row, rows.HtmlOf(message with { }, startsGroup: true));
        Assert.Contains("datetime=\"2026-01-01T12:00:00Z\" data-time=\"clock\"", row, StringComparison.Ordinal);
        Assert.Contains("visually-hidden", rows.HtmlOf(message, startsGroup: false), StringComparison.Ordinal);
        Assert.Contains("edited", rows.HtmlOf(message with { Revision = 2, Html = "edited" }, startsGroup: true), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", rows.HtmlOf(message with { AuthorName = "<b>" }, startsGroup: true), StringComparison.Ordinal);
        Assert.Contains("data-avatar", rows.HtmlOf(message with { AuthorAvatarId = Guid.NewGuid() }, startsGroup: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_with_the_same_messages_share_their_instances()
    {
        var rows = Services.GetRequiredService<RenderedRows>();
        var message = Message(1, author: 1, DateTime.UnixEpoch);

        var one = rows.Share(new MessagePage([message], 1));
        var two = rows.Share(new MessagePage([message with { }], 1));

        Assert.Same(one.Messages[0], two.Messages[0]);
    }

    [Fact]
    public void The_message_list_divides_days_and_groups_by_author_and_five_minutes()
    {
        var start = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
        MessageView[] messages =
        [
            Message(1, author: 1, start),
            Message(2, author: 1, start.AddMinutes(4)),
            Message(3, author: 1, start.AddMinutes(10)),
            Message(4, author: 2, start.AddMinutes(11)),
            Message(5, author: 2, start.AddDays(1)),
        ];

        var list = Render<MessageList>(parameters => parameters.Add(p => p.RoomName, "Room").Add(p => p.Messages, messages));

        Assert.Equal(["2026-01-01", "2026-01-02"], list.FindAll(".messages-day time").Select(day => day.GetAttribute("datetime")));
        Assert.Equal(
            ["1", "3", "4", "5"],
            list.FindAll("article.message-first").Select(row => row.GetAttribute("data-sequence")));
        Assert.Equal("log", list.Find(".messages").GetAttribute("role"));
    }

    [Fact]
    public void E5_Days_begin_in_the_browsers_zone_also_when_it_is_reported_later()
    {
        MessageView[] messages = [Message(1, author: 1, new DateTime(2026, 1, 1, 20, 0, 0, DateTimeKind.Utc))];
        var list = Render<MessageList>(parameters => parameters.Add(p => p.RoomName, "Room").Add(p => p.Messages, messages));
        Assert.Equal("2026-01-01", list.Find(".messages-day time").GetAttribute("datetime"));

        list.InvokeAsync(() => list.Instance.SetZone("Asia/Seoul"));

        Assert.Equal("2026-01-02", list.Find(".messages-day time").GetAttribute("datetime"));
        Assert.Equal("Asia/Seoul", Services.GetRequiredService<ReaderTimeZone>().Id);
    }

    [Fact]
    public void An_edited_row_shows_the_time_and_a_deleted_row_shows_no_text()
    {
        var edited = Message(7, author: 2, DateTime.UnixEpoch) with { EditedAt = new DateTime(2026, 1, 1, 23, 30, 0, DateTimeKind.Utc) };
        var row = Render<MessageRow>(parameters => parameters.Add(p => p.Message, edited));
        Assert.Equal("edited", row.Find(".message-edited").TextContent);
        Assert.Equal(("2026-01-01T23:30:00Z", "edited"), (row.Find(".message-edited time").GetAttribute("datetime"), row.Find(".message-edited time").GetAttribute("data-time")));
        Assert.False(row.Find("article").HasAttribute("data-deleted"));

        row.Render(parameters => parameters.Add(p => p.Message, edited with { Revision = 8, Html = "", DeletedAt = DateTime.UnixEpoch }));

        Assert.Equal("This message was deleted.", row.Find(".message-text").TextContent);
        Assert.Empty(row.FindAll(".message-edited"));
        Assert.True(row.Find("article").HasAttribute("data-deleted"));
    }

    [Fact]
    public void The_mark_is_above_the_first_unread_message_and_starts_a_group()
    {
        MessageView[] messages = [.. Enumerable.Range(1, 4).Select(i => Message(i, author: 1, DateTime.UnixEpoch))];

        var list = Render<MessageList>(parameters => parameters
            .Add(p => p.RoomName, "Room").Add(p => p.Messages, messages).Add(p => p.FirstUnread, 3));

        Assert.Equal("3", list.Find(".messages-new").NextElementSibling!.GetAttribute("data-sequence"));
        Assert.Equal(["1", "3"], list.FindAll("article.message-first").Select(row => row.GetAttribute("data-sequence")));
    }

    [Fact]
    public async Task A_room_opens_with_the_mark_at_the_read_position()
    {
        var room = await SharedRoomAsync();
        await SendAsync(room, "read");
        await SendAsync(room, "by me");
        await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), "answer", default);
        await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), "and more", default);

        var seen = await FindAsync(room);
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen));

        var mark = await pane.WaitForElementAsync(".messages-new");
        Assert.Equal("3", mark.NextElementSibling!.GetAttribute("data-sequence"));
        var list = pane.FindComponent<MessageList>();
        Assert.True(await pane.InvokeAsync(() => list.Instance.SeenAsync(4)));
        Assert.Equal(0, (await FindAsync(room)).Unread);
    }

    [Fact]
    public async Task Changes_of_others_are_shown_and_only_own_messages_can_be_edited()
    {
        var room = await SharedRoomAsync();
        await SendAsync(room, "*mine*");
        await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), "hers", default);
        var seen = await FindAsync(room);
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen));
        await pane.WaitForElementAsync("#m-2");
        var composer = pane.FindComponent<Composer>().Instance;

        Assert.Equal("*mine*", await pane.InvokeAsync(() => composer.GetText(1)));
        Assert.Null(await pane.InvokeAsync(() => composer.GetText(2)));
        Assert.Equal(SendResult.Accepted, await pane.InvokeAsync(() => composer.EditAsync(1, "**mine**")));
        Assert.Equal(SendStatus.Refused, (await pane.InvokeAsync(() => composer.EditAsync(2, "mine"))).Status);
        await Site.Conversation.DeleteAsync(_zoe, room.Id, 2, default);

        await pane.WaitForElementAsync("#m-1 strong");
        await pane.WaitForElementAsync("#m-2 .message-deleted");
        Assert.Null(await pane.InvokeAsync(() => composer.GetText(2)));
    }

    [Fact]
    public async Task People_who_type_are_named_until_their_message_arrives()
    {
        var room = await SharedRoomAsync();
        await SendAsync(room, "hello");
        var seen = await FindAsync(room);
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen));
        await pane.WaitForElementAsync("#m-1");
        Assert.Equal("", pane.Find(".typing").TextContent.Trim());
        var bob = await Site.AddPersonAsync("Bob");
        await Site.Rooms.JoinAsync(bob, room.Id, default);

        // A message after the first read reaches a page that follows; then the page also receives typing.
        await SendAsync(room, "and hello again");
        await pane.WaitForElementAsync("#m-2");
        await Site.Conversation.TypingAsync(Ada, room.Id, default);
        await Site.Conversation.TypingAsync(_zoe, room.Id, default);
        await pane.WaitForStateAsync(() => pane.Find(".typing").TextContent.Trim() == "Zoe is typing…");
        var list = pane.FindComponent<MessageList>();
        var rendered = list.RenderCount;
        await Site.Conversation.TypingAsync(bob, room.Id, default);
        await pane.WaitForStateAsync(() => pane.Find(".typing").TextContent.Trim() == "Bob and Zoe are typing…");
        // Messages of others do not hide it.
        Assert.Equal(rendered, list.RenderCount);
        await Site.Conversation.SendAsync(bob, room.Id, Guid.NewGuid(), "sent too", default);
        await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), "sent", default);

        await pane.WaitForStateAsync(() => pane.Find(".typing").TextContent.Trim() == "");
    }

    [Fact]
    public async Task The_drawer_counts_unread_messages_except_in_the_open_room()
    {
        var room = await SharedRoomAsync();
        var open = await Site.Rooms.CreateAsync(Ada, "Open", default);
        await Site.Rooms.JoinAsync(_zoe, open.Id, default);
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rooms/{open.Id}");
        var nav = Render<RoomNav>();
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 2);

        for (var i = 0; i < 3; i++)
            await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), $"{i}", default);
        await Site.Conversation.SendAsync(_zoe, open.Id, Guid.NewGuid(), "seen at once", default);
        await nav.WaitForStateAsync(() => nav.FindAll(".room-nav-count .visually-hidden").Select(count => count.TextContent).SequenceEqual(["3 unread"]));
        await Site.Conversation.MarkReadAsync(Ada, room.Id, 2, default);
        await nav.WaitForStateAsync(() => nav.FindAll(".room-nav-count .visually-hidden").Select(count => count.TextContent).SequenceEqual(["1 unread"]));

        // What is unread in a room when it is opened counts until it is read.
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rooms/{room.Id}");
        await nav.WaitForStateAsync(() => nav.FindAll("li:has(.room-nav-count) bdi").Select(name => name.TextContent).SequenceEqual(["Open", "Room"]));
        await Site.Conversation.MarkReadAsync(Ada, room.Id, 3, default);
        await nav.WaitForStateAsync(() => nav.FindAll("li:has(.room-nav-count) bdi").Select(name => name.TextContent).SequenceEqual(["Open"]));
    }

    private async Task<RoomView> SharedRoomAsync()
    {
        _zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Rooms.JoinAsync(_zoe, room.Id, default);
        return room;
    }

    private async Task<RoomView> FindAsync(RoomView room) => (await Site.Rooms.FindAsync(Ada, room.Id, default))!;

    private static MessageView Message(long sequence, int author, DateTime sent) =>
        new(1, sequence, sequence, author, $"Author {author}", Guid.NewGuid(), "", "<p>x</p>", sent);

    private Task<MessageView> SendAsync(RoomView room, string text) =>
        Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), text, default);
}
