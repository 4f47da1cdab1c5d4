using System.Security.Claims;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Pages.Drawer;
using BlazorChat.Rooms.Threads;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Pages.Drawer;

/// <summary>Which messages call the reader of a page. What must not call is followed by a message that calls: it is the first one that does.</summary>
public sealed class RoomCallsTests : ComponentTest
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly ScriptCalls _scripts = new();
    private ClaimsPrincipal _zoe = default!;

    protected override void AddServices() => Services.AddSingleton<TimeProvider>(_time);

    [Fact]
    public async Task Messages_call_by_the_level_of_their_room()
    {
        var (all, mentions, muted) = (await AddRoomAsync("All"), await AddRoomAsync("Some"), await AddRoomAsync("None"));
        await Site.Preferences.SetLevelAsync(Ada, all.Id, RoomLevel.Everything, default);
        await Site.Preferences.SetLevelAsync(Ada, muted.Id, RoomLevel.Nothing, default);
        await RenderAsync();

        await SendMessageAsync(mentions.Id, "Nothing for her");
        await SendMessageAsync(muted.Id, "@ada, and @room");
        await Site.Conversation.SendAsync(Ada, all.Id, Guid.NewGuid(), "Her own", default);
        await SendMessageAsync(all.Id, "**Hello**\n\nthere");
        Assert.Equal(new RoomCall(all.Id, 2, "Zoe in All", "Hello there", PlaysSound: true), await CallAsync());

        await SendMessageAsync(mentions.Id, "Look, @ada");
        Assert.Equal(new RoomCall(mentions.Id, 2, "Zoe in Some", "Look, @Ada", PlaysSound: true), await CallAsync());
        await SendMessageAsync(mentions.Id, "Nothing again");
        await SendMessageAsync(mentions.Id, "@room");
        Assert.Equal(new RoomCall(mentions.Id, 4, "2 new messages in Some", "Zoe: @room", PlaysSound: true), await CallAsync());

        // The first direct message adds the room to the list.
        var (directId, _) = await Site.DirectRooms.OpenAsync(_zoe, [Ada.UserId], default);
        await SendMessageAsync(directId, "Psst");
        Assert.Equal(new RoomCall(directId, 1, "Zoe", "Psst", PlaysSound: true), await CallAsync());
    }

    [Fact]
    public async Task Messages_that_come_together_are_one_call_and_the_next_one_comes_later()
    {
        var room = await AddRoomAsync("All");
        await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Everything, default);
        var nav = await RenderAsync();

        for (var i = 1; i <= 5; i++)
            await SendMessageAsync(room.Id, $"{i}");
        await nav.WaitForStateAsync(() => Total(nav) == "5");
        Assert.Equal(new RoomCall(room.Id, 5, "5 new messages in All", "Zoe: 5", PlaysSound: true), await CallAsync());

        await SendMessageAsync(room.Id, "6");
        await nav.WaitForStateAsync(() => Total(nav) == "6");
        var before = _time.GetUtcNow();
        Assert.Equal(6, (await CallAsync()).Sequence);
        Assert.InRange(_time.GetUtcNow() - before, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_call_ends_when_its_message_is_read_or_deleted()
    {
        var room = await AddRoomAsync("All");
        await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Everything, default);
        await RenderAsync();

        await SendMessageAsync(room.Id, "1");
        Assert.Equal(1, (await CallAsync()).Sequence);
        await Site.Conversation.MarkReadAsync(Ada, room.Id, 1, default);
        Assert.Equal((room.Id, 1), await WithdrawnAsync());

        await SendMessageAsync(room.Id, "2");
        Assert.Equal(("Zoe in All", 2), await CallAsync() is var second ? (second.Title, second.Sequence) : default);
        await Site.Conversation.DeleteAsync(_zoe, room.Id, 2, default);
        Assert.Equal((room.Id, 2), await WithdrawnAsync());
    }

    [Fact]
    public async Task What_was_read_or_deleted_meanwhile_and_the_room_that_one_looks_at_do_not_call()
    {
        var (read, open, last) = (await AddRoomAsync("Read"), await AddRoomAsync("Open"), await AddRoomAsync("Last"));
        foreach (var room in new[] { read, open, last })
            await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Everything, default);
        var nav = await RenderAsync();
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rooms/{open.Id}");

        await SendMessageAsync(read.Id, "1");
        await nav.WaitForStateAsync(() => Total(nav) == "1");
        await Site.Conversation.MarkReadAsync(Ada, read.Id, 1, default);
        await nav.WaitForStateAsync(() => Total(nav) == "0");
        await SendMessageAsync(read.Id, "2");
        await Site.Conversation.DeleteAsync(_zoe, read.Id, 2, default);
        await SendMessageAsync(open.Id, "1");
        await SendMessageAsync(last.Id, "1");
        Assert.Equal(last.Id, (await CallAsync()).RoomId);

        // The reader turns to another window.
        await nav.InvokeAsync(() => nav.Instance.WatchAsync(false));
        await SendMessageAsync(open.Id, "2");
        Assert.Equal((open.Id, 2, "Zoe in Open"), await CallAsync() is var call ? (call.RoomId, call.Sequence, call.Title) : default);
    }

    [Fact]
    public async Task Nothing_calls_during_do_not_disturb_and_quiet_hours_and_the_sound_can_be_off()
    {
        var room = await AddRoomAsync("All");
        await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Everything, default);
        await Site.Notifications.SetSoundAsync(Ada, false, default);
        var nav = await RenderAsync();

        await Site.Notifications.SetDoNotDisturbAsync(Ada, DateTime.UtcNow.AddHours(1), default);
        await SendMessageAsync(room.Id, "1");
        await nav.WaitForStateAsync(() => Total(nav) == "1");
        await SettleAsync();
        await Site.Notifications.SetDoNotDisturbAsync(Ada, null, default);
        var now = TimeOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        await Site.Notifications.SetQuietHoursAsync(Ada, new QuietHours(now.AddHours(-1), now.AddHours(1)), "UTC", default);
        await SendMessageAsync(room.Id, "2");
        await nav.WaitForStateAsync(() => Total(nav) == "2");
        await SettleAsync();
        await Site.Notifications.SetQuietHoursAsync(Ada, null, "UTC", default);
        await SendMessageAsync(room.Id, "3");

        Assert.Equal(new RoomCall(room.Id, 3, "Zoe in All", "3", PlaysSound: false), await CallAsync());
    }

    [Fact]
    public async Task Messages_of_lost_events_call_after_the_gap()
    {
        var (mentions, here) = (await AddRoomAsync("Some"), await AddRoomAsync("Here"));
        var nav = await RenderAsync();

        // As if another node had written, and its events were lost.
        var other = await Site.AddNodeAsync();
        await other.Conversation.SendAsync(_zoe, mentions.Id, Guid.NewGuid(), "To nobody", default);
        await other.Conversation.SendAsync(_zoe, mentions.Id, Guid.NewGuid(), "Dear @ada", default);
        using (other.Services.GetRequiredService<PresenceDirectory>().Open(Ada))
            await other.Conversation.SendAsync(_zoe, here.Id, Guid.NewGuid(), "Who is @here now?", default);
        await other.DisposeAsync();
        Assert.Equal("0", Total(nav));
        _time.Advance(TimeSpan.FromMinutes(2));
        await nav.InvokeAsync(() => nav.Instance.WatchAsync(true));

        RoomCall[] calls = [await CallAsync(), await CallAsync()];
        Assert.Equal([(mentions.Id, 2, "Dear @Ada"), (here.Id, 1, "Who is @here now?")], calls.OrderBy(call => call.RoomId).Select(call => (call.RoomId, call.Sequence, call.Body)));
    }

    [Fact]
    public async Task A_room_that_one_looks_at_on_another_device_does_not_call()
    {
        var (watched, last) = (await AddRoomAsync("Watched"), await AddRoomAsync("Last"));
        foreach (var room in new[] { watched, last })
            await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Everything, default);
        var nav = await RenderAsync();
        var window = Services.GetRequiredService<PresenceDirectory>().Open(Ada);
        window.RoomId = watched.Id;

        await SendMessageAsync(watched.Id, "1");
        await nav.WaitForStateAsync(() => Total(nav) == "1");
        await SendMessageAsync(last.Id, "1");
        Assert.Equal(last.Id, (await CallAsync()).RoomId);

        window.Dispose();
        await SendMessageAsync(watched.Id, "2");
        Assert.Equal(new RoomCall(watched.Id, 2, "Zoe in Watched", "2", PlaysSound: true), await CallAsync());
    }

    [Theory]
    [InlineData("left")]
    [InlineData("removed")]
    [InlineData("hidden")]
    [InlineData("archived")]
    [InlineData("deleted")]
    public async Task A_call_ends_with_the_room(string why)
    {
        var (room, last) = (await AddRoomAsync("All"), await AddRoomAsync("Last"));
        foreach (var each in new[] { room, last })
            await Site.Preferences.SetLevelAsync(Ada, each.Id, RoomLevel.Everything, default);
        await RenderAsync();
        await SendMessageAsync(room.Id, "1");
        await CallAsync();

        await (why switch
        {
            "left" => Site.Owners.LeaveAsync(Ada, room.Id, null, default),
            "removed" => Site.Services.GetRequiredService<RoomMembers>().RemoveAsync(_zoe, room.Id, Ada.UserId, default),
            "hidden" => Site.Preferences.HideAsync(Ada, room.Id, default),
            "archived" => Site.RoomLifecycle.ArchiveAsync(_zoe, room.Id, default),
            _ => Site.RoomLifecycle.DeleteAsync(_zoe, room.Id, default),
        });

        Assert.Equal((room.Id, 1), await WithdrawnAsync());
    }

    [Fact]
    public async Task What_was_hidden_meanwhile_does_not_call_and_the_next_message_does()
    {
        var room = await AddRoomAsync("All");
        await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Everything, default);
        var nav = await RenderAsync();

        await SendMessageAsync(room.Id, "1");
        await nav.WaitForStateAsync(() => Total(nav) == "1");
        await Site.Preferences.HideAsync(Ada, room.Id, default);
        await nav.WaitForStateAsync(() => Total(nav) == "0");
        await SettleAsync();
        await SendMessageAsync(room.Id, "2");

        Assert.Equal(new RoomCall(room.Id, 2, "Zoe in All", "2", PlaysSound: true), await CallAsync());
    }

    [Fact]
    public async Task Replies_of_threads_that_one_follows_call_and_the_room_beside_them_does_not_matter()
    {
        var (room, muted) = (await AddRoomAsync("Some"), await AddRoomAsync("None"));
        foreach (var each in new[] { room, muted })
            await Site.Conversation.SendAsync(Ada, each.Id, Guid.NewGuid(), "root", default);
        await SendMessageAsync(room.Id, "of Zoe");
        await Site.Preferences.SetLevelAsync(Ada, muted.Id, RoomLevel.Nothing, default);
        await RenderAsync();
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rooms/{room.Id}");

        await ReplyAsync(muted.Id, 1, "@ada, in a muted room");
        await ReplyAsync(room.Id, 2, "in a thread that she does not follow");
        await ReplyAsync(room.Id, 1, "for all", isInRoom: true);
        await ReplyAsync(room.Id, 1, "one");
        Assert.Equal(new RoomCall(room.Id, 2, "Zoe in a thread of Some", "one", PlaysSound: true) { Root = 1 }, await CallAsync());
        await ReplyAsync(room.Id, 1, "@room, look");
        Assert.Equal(new RoomCall(room.Id, 3, "2 new replies in a thread of Some", "Zoe: @room, look", PlaysSound: true) { Root = 1 }, await CallAsync());

        // Reading the thread ends the call, and so does deleting the reply.
        var follows = Site.Services.GetRequiredService<ThreadFollows>();
        await follows.MarkReadAsync(Ada, room.Id, 1, 3, default);
        Assert.Equal((room.Id, 3), await WithdrawnAsync());
        var four = await ReplyAsync(room.Id, 1, "four");
        Assert.Equal(4, (await CallAsync()).Sequence);
        await Site.Conversation.DeleteAsync(_zoe, room.Id, four.Sequence, default);
        Assert.Equal((room.Id, 4), await WithdrawnAsync());

        // A mention follows the thread. A thread that one looks at does not call.
        await ReplyAsync(room.Id, 2, "hey @ada");
        Assert.Equal((2, 2), await CallAsync() is var mention ? (mention.Root, mention.Sequence) : default);
        Services.GetRequiredService<NavigationManager>().NavigateTo($"rooms/{room.Id}/1/1");
        await ReplyAsync(room.Id, 1, "she sees it");
        await ReplyAsync(room.Id, 2, "she does not see it");
        Assert.Equal((2, 3), await CallAsync() is var other ? (other.Root, other.Sequence) : default);
    }

    [Fact]
    public async Task A_reply_that_mentions_the_reader_after_an_edit_calls_as_a_message_does()
    {
        var room = await AddRoomAsync("Some");
        await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), "root", default);
        var old = await ReplyAsync(room.Id, 1, "hello");
        await using (var db = await Site.OpenAsync())
            await db.Messages.ExecuteUpdateAsync(message => message.SetProperty(m => m.SentAt, DateTime.UtcNow.AddMinutes(-2)));
        await RenderAsync();

        await Site.Conversation.EditAsync(_zoe, room.Id, old.Sequence, "hello @ada", default);

        Assert.Equal(new RoomCall(room.Id, 1, "Zoe in a thread of Some", "hello @Ada", PlaysSound: true) { Root = 1 }, await CallAsync());
        // Another edit mentions nobody else.
        await Site.Conversation.EditAsync(_zoe, room.Id, old.Sequence, "hello again @ada", default);
        await ReplyAsync(room.Id, 1, "two");
        Assert.Equal(2, (await CallAsync()).Sequence);
    }

    [Fact]
    public async Task Replies_that_were_unread_when_the_page_was_opened_do_not_call_with_a_new_one()
    {
        var room = await AddRoomAsync("Some");
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "root", default);
        foreach (var text in new[] { "one", "two" })
            await ReplyAsync(room.Id, 1, text);
        await using (var db = await Site.OpenAsync())
            await db.Messages.ExecuteUpdateAsync(message => message.SetProperty(m => m.SentAt, DateTime.UtcNow.AddMinutes(-2)));
        await RenderAsync();

        await ReplyAsync(room.Id, 1, "three");

        Assert.Equal(new RoomCall(room.Id, 3, "Zoe in a thread of Some", "three", PlaysSound: true) { Root = 1 }, await CallAsync());
    }

    private Task<MessageView> ReplyAsync(int roomId, long root, string text, bool isInRoom = false) =>
        Site.Conversation.ReplyAsync(_zoe, roomId, root, Guid.NewGuid(), text, [], isInRoom, default);

    private async Task<IRenderedComponent<RoomNav>> RenderAsync()
    {
        var script = JSInterop.SetupModule(call => call.Identifier == "scripts.RoomNav.attach");
        script.Mode = JSRuntimeMode.Loose;
        script.SetupVoid(_scripts.Note);
        var nav = Render<RoomNav>();
        // The list is read again when it has subscribed, and a change after that is shown from its event.
        var marker = await Site.Rooms.CreateAsync(Ada, "Marker", default);
        await nav.WaitForStateAsync(() => nav.FindAll("li bdi").Any(name => name.TextContent == "Marker"));
        await Site.Owners.LeaveAsync(Ada, marker.Id, null, default);
        await nav.WaitForStateAsync(() => nav.FindAll("li bdi").All(name => name.TextContent != "Marker"));
        return nav;
    }

    private async Task<RoomCall> CallAsync() => Assert.IsType<RoomCall>((await AdvanceUntilAsync(_scripts.WaitForAsync("call"))).Arguments[0]);

    private async Task<(int RoomId, long Sequence)> WithdrawnAsync()
    {
        var call = await _scripts.WaitForAsync("withdraw");
        return ((int)call.Arguments[0]!, (long)call.Arguments[1]!);
    }

    /// <summary>Advances the clock by as much as a message waits.</summary>
    private async Task SettleAsync()
    {
        for (var i = 0; i < 8; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.25));
            await Task.Delay(10);
        }
    }

    private async Task<T> AdvanceUntilAsync<T>(Task<T> reached)
    {
        while (!reached.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.25));
            await Task.WhenAny(reached, Task.Delay(20));
        }

        return await reached;
    }

    private async Task<RoomView> AddRoomAsync(string name)
    {
        _zoe ??= await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(_zoe, name, default);
        await Site.Rooms.JoinAsync(Ada, room.Id, default);
        return room;
    }

    private async Task SendMessageAsync(int roomId, string text) => await Site.Conversation.SendAsync(_zoe, roomId, Guid.NewGuid(), text, default);

    private static string? Total(IRenderedComponent<RoomNav> nav) => nav.Find(".room-nav").GetAttribute("data-total");
}
