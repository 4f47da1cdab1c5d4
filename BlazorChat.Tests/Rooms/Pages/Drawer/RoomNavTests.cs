using System.Security.Claims;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages.Drawer;
using BlazorChat.Rooms.Scheduled;
using BlazorChat.Rooms.Threads;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Pages.Drawer;

public sealed class RoomNavTests : ComponentTest
{
    private readonly FakeTimeProvider _time = new();
    private ClaimsPrincipal _zoe = default!;

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    protected override void AddServices() => Services.AddSingleton<TimeProvider>(_time);

    [Fact]
    public async Task Favourites_rooms_and_direct_messages_have_sections_and_the_counts_a_total()
    {
        var (one, two) = (await AddRoomAsync("One"), await AddRoomAsync("Two"));
        var (directId, _) = await Site.DirectRooms.OpenAsync(_zoe, [Ada.UserId], default);
        await Site.Conversation.SendAsync(_zoe, directId, Guid.NewGuid(), "Hello", default);
        var nav = await RenderAsync(3);
        Assert.Equal(["Rooms: One, Two", "Direct messages: Zoe"], Sections(nav));

        await Site.Preferences.SetFavouriteAsync(Ada, two.Id, true, default);
        await nav.WaitForStateAsync(() => Sections(nav).SequenceEqual(["Favorites: Two", "Rooms: One", "Direct messages: Zoe"]));
        await SendAsync(one, 2);
        await SendAsync(two, 1);
        await nav.WaitForStateAsync(() => Total(nav) == "4");

        Assert.Equal("4 unread", nav.Find(".room-nav-unread .room-nav-total .visually-hidden").TextContent);
        Assert.Equal("unread", nav.Find(".room-nav-unread").GetAttribute("href"));
        Assert.Equal(["1 unread", "2 unread", "1 unread"], nav.FindAll(".room-nav-count .visually-hidden").Select(count => count.TextContent));
    }

    [Fact]
    public async Task Drafts_of_the_tab_join_the_number_of_scheduled_messages()
    {
        var room = await AddRoomAsync("One");
        var nav = await RenderAsync(1);
        Assert.Empty(nav.FindAll(".room-nav-scheduled"));

        await nav.InvokeAsync(() => nav.Instance.SetDrafts(2));
        Assert.Equal("2 drafts and scheduled messages", nav.Find(".room-nav-scheduled .visually-hidden").TextContent);
        await Site.Services.GetRequiredService<ScheduledMessages>().ScheduleAsync(
            Ada, new NewScheduled(room.Id, Guid.NewGuid(), "later", DateTimeOffset.UtcNow.AddDays(1)), default);
        await AdvanceUntilAsync(nav, () => nav.Find(".room-nav-scheduled").TextContent.StartsWith('3'));

        await nav.InvokeAsync(() => nav.Instance.SetDrafts(0));
        Assert.Equal("1 scheduled message", nav.Find(".room-nav-scheduled .visually-hidden").TextContent);
    }

    [Fact]
    public async Task Unread_replies_of_followed_threads_have_a_count_of_their_own_and_join_the_total()
    {
        var room = await AddRoomAsync("One");
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "root", default);
        var nav = await RenderAsync(1);
        Assert.Equal("threads", nav.Find(".room-nav-threads").GetAttribute("href"));
        Assert.Empty(nav.FindAll(".room-nav-total"));

        await ReplyAsync();
        await ReplyAsync();
        await SendAsync(room, 1);
        await AdvanceUntilAsync(nav, () => Total(nav) == "3");
        Assert.Equal("2 unread", nav.Find(".room-nav-threads .room-nav-total .visually-hidden").TextContent);
        Assert.Equal("3 unread", nav.Find(".room-nav-unread .room-nav-total .visually-hidden").TextContent);

        // As another tab reads it, and then the room is muted and is so no longer.
        await Site.Services.GetRequiredService<ThreadFollows>().MarkReadAsync(Ada, room.Id, 1, 1, default);
        await AdvanceUntilAsync(nav, () => Total(nav) == "2");
        await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Nothing, default);
        await AdvanceUntilAsync(nav, () => Total(nav) == "0");
        await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Mentions, default);
        await AdvanceUntilAsync(nav, () => Total(nav) == "2");
        await Site.RoomLifecycle.ArchiveAsync(_zoe, room.Id, default);
        await AdvanceUntilAsync(nav, () => Total(nav) == "0");

        Task ReplyAsync() => Site.Conversation.ReplyAsync(_zoe, room.Id, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);
    }

    [Fact]
    public async Task A_direct_message_of_two_shows_whether_the_other_one_is_online()
    {
        await AddRoomAsync("One");
        var eve = await Site.AddPersonAsync("Eve");
        await SendDirectlyAsync([Ada.UserId]);
        await SendDirectlyAsync([Ada.UserId, eve.UserId]);
        var nav = await RenderAsync(3);
        Assert.Empty(nav.FindAll(".presence"));

        using (Site.Presence.Open(_zoe))
        using (Site.Presence.Open(eve))
        {
            await nav.WaitForStateAsync(() => nav.FindAll(".presence-online").Count == 1);
            var dot = nav.Find(".presence");
            Assert.Equal("Online", dot.GetAttribute("aria-label"));
            Assert.Equal("Zoe", dot.Closest("a")!.QuerySelector("bdi")!.TextContent);
        }

        async Task SendDirectlyAsync(int[] people)
        {
            var (id, _) = await Site.DirectRooms.OpenAsync(_zoe, people, default);
            await Site.Conversation.SendAsync(_zoe, id, Guid.NewGuid(), "Hello", default);
        }
    }

    [Fact]
    public async Task A_direct_message_of_two_shows_the_status_of_the_other_one_and_do_not_disturb_until_they_end()
    {
        _time.SetUtcNow(DateTimeOffset.UtcNow);
        var statuses = Site.Services.GetRequiredService<PeopleStatus>();
        var preferences = Site.Services.GetRequiredService<NotificationPreferences>();
        await AddRoomAsync("One");
        var (directId, _) = await Site.DirectRooms.OpenAsync(_zoe, [Ada.UserId], default);
        await Site.Conversation.SendAsync(_zoe, directId, Guid.NewGuid(), "Hello", default);
        await statuses.SetAsync(_zoe, "🌴", "On holiday", null, default);
        var nav = await RenderAsync(2);
        Assert.Equal(["On holiday"], Marks(nav));

        await statuses.SetAsync(await Site.AddPersonAsync("Eve"), "🤒", "", null, default);
        await statuses.SetAsync(_zoe, "🍴", "", DateTime.UtcNow.AddMinutes(30), default);
        await preferences.SetDoNotDisturbAsync(_zoe, DateTime.UtcNow.AddMinutes(90), default);
        await nav.WaitForStateAsync(() => Marks(nav).SequenceEqual(["🍴", "Do not disturb"]));
        Assert.Equal("🍴", nav.Find(".person-status").TextContent);
        _time.Advance(TimeSpan.FromHours(1));
        await nav.WaitForStateAsync(() => Marks(nav).SequenceEqual(["Do not disturb"]));
        _time.Advance(TimeSpan.FromHours(1));
        await nav.WaitForStateAsync(() => Marks(nav).Length == 0);
        // The list that is read has what the events had.
        await preferences.SetDoNotDisturbAsync(_zoe, DateTime.UtcNow.AddHours(4), default);
        await nav.WaitForStateAsync(() => Marks(nav).Length == 1);
        await nav.InvokeAsync(() => nav.Instance.WatchAsync(false));
        _time.Advance(TimeSpan.FromMinutes(2));
        await nav.InvokeAsync(() => nav.Instance.WatchAsync(true));
        Assert.Equal(["Do not disturb"], Marks(nav));

        static string[] Marks(IRenderedComponent<RoomNav> nav) =>
            [.. nav.FindAll(".person-marks [role=img]").Select(mark => mark.GetAttribute("aria-label")!)];
    }

    [Fact]
    public async Task A_muted_room_is_dimmed_and_counts_nothing_and_a_hidden_one_returns_with_its_next_message()
    {
        var (one, two) = (await AddRoomAsync("One"), await AddRoomAsync("Two"));
        await SendAsync(one, 2);
        await SendAsync(two, 3);
        var nav = await RenderAsync(2);
        await nav.WaitForStateAsync(() => Total(nav) == "5");

        await Site.Preferences.SetLevelAsync(Ada, one.Id, RoomLevel.Nothing, default);
        await nav.WaitForStateAsync(() => Total(nav) == "3");
        Assert.Equal("One", nav.Find("li.muted bdi").TextContent);
        Assert.Empty(nav.FindAll("li.muted .room-nav-count"));

        await Site.Preferences.HideAsync(Ada, two.Id, default);
        await nav.WaitForStateAsync(() => Total(nav) == "0");
        Assert.Equal(["Rooms: One"], Sections(nav));
        await SendAsync(two, 1);
        await nav.WaitForStateAsync(() => Total(nav) == "4");
        Assert.Equal(["Rooms: One, Two"], Sections(nav));
    }

    [Fact]
    public async Task The_menu_of_a_room_is_rendered_when_it_is_opened_and_runs_its_commands()
    {
        var room = await AddRoomAsync("One");
        await SendAsync(room, 2);
        var nav = await RenderAsync(1);
        await nav.WaitForStateAsync(() => Total(nav) == "2");
        Assert.Empty(nav.FindAll(".room-preferences"));

        await nav.InvokeAsync(() => nav.Instance.OpenMenu(room.Id));
        await Button(nav, "Mark as read").ClickAsync();
        await nav.WaitForStateAsync(() => Total(nav) == "0");
        await nav.WaitForStateAsync(() => nav.FindAll(".room-preferences button").All(button => button.TextContent != "Mark as read"));
        await Button(nav, "Add to favorites").ClickAsync();
        await nav.WaitForStateAsync(() => Sections(nav).SequenceEqual(["Favorites: One", "Rooms: "]));
        await nav.FindAll(".room-preferences input")[3].ChangeAsync("on");
        await nav.WaitForStateAsync(() => nav.FindAll("li.muted").Count == 1);
        await Button(nav, "Hide").ClickAsync();
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 0);
        await nav.InvokeAsync(nav.Instance.CloseMenu);

        Assert.Empty(nav.FindAll(".room-preferences"));
        var stored = (await Site.Rooms.FindAsync(Ada, room.Id, default))!;
        Assert.Equal((true, RoomLevel.Nothing, true, 0), (stored.IsFavourite, stored.Level, stored.IsHidden, stored.Unread));
    }

    [Fact]
    public async Task Another_default_level_is_shown_at_once_and_the_menu_of_a_room_returns_to_it()
    {
        var (one, two) = (await AddRoomAsync("One"), await AddRoomAsync("Two"));
        await SendAsync(one, 2);
        await SendAsync(two, 3);
        var nav = await RenderAsync(2);
        await nav.WaitForStateAsync(() => Total(nav) == "5");
        await nav.InvokeAsync(() => nav.Instance.OpenMenu(one.Id));
        await nav.FindAll(".room-preferences input")[2].ChangeAsync("on");

        await Site.Notifications.SetRoomLevelAsync(Ada, RoomLevel.Nothing, default);
        await nav.WaitForStateAsync(() => Total(nav) == "2");
        Assert.Equal("Two", nav.Find("li.muted bdi").TextContent);
        Assert.Equal("Default (nothing)", nav.FindAll(".room-preferences .check")[0].TextContent.Trim());
        await nav.FindAll(".room-preferences input")[0].ChangeAsync("on");
        await nav.WaitForStateAsync(() => Total(nav) == "0");

        Assert.True(nav.FindAll(".room-preferences input")[0].HasAttribute("checked"));
    }

    [Fact]
    public async Task Unread_mentions_have_a_number_of_their_own_until_they_are_read()
    {
        var (room, other) = (await AddRoomAsync("One"), await AddRoomAsync("Two"));
        await SendMessageAsync(room, "Hello @ada");
        await SendAsync(room, 2);
        var nav = await RenderAsync(2);
        await SeesAsync("One 1/3");

        await SendMessageAsync(room, "@room");
        await SendMessageAsync(other, "@ada and @room");
        await SeesAsync("One 2/4", "Two 1/1");
        Assert.Equal("2 unread mentions,", nav.Find(".room-nav-mentions .visually-hidden").TextContent);

        await Site.Conversation.MarkReadAsync(Ada, room.Id, 1, default);
        await Site.Conversation.DeleteAsync(_zoe, other.Id, 1, default);
        await SeesAsync("One 1/3");
        await Site.Conversation.MarkReadAsync(Ada, room.Id, 4, default);
        await nav.WaitForStateAsync(() => nav.FindAll(".room-nav-mentions").Count == 0);
        // A mark counts them again.
        await Site.Conversation.MarkUnreadAsync(Ada, room.Id, 1, default);
        await SeesAsync("One 2/4");
        await Site.Preferences.SetLevelAsync(Ada, room.Id, RoomLevel.Nothing, default);
        await nav.WaitForStateAsync(() => nav.FindAll(".room-nav-mentions").Count == 0);

        Task SeesAsync(params string[] rows) => AdvanceUntilAsync(nav, () => nav.FindAll("li:has(.room-nav-mentions)")
            .Select(row => $"{row.QuerySelector("bdi")!.TextContent} {NumberIn(row, "mentions")}/{NumberIn(row, "count")}")
            .SequenceEqual(rows));

        static string NumberIn(AngleSharp.Dom.IElement row, string name) =>
            row.QuerySelector($".room-nav-{name} [aria-hidden]")!.TextContent.TrimStart('@');

        Task SendMessageAsync(RoomView to, string text) => Site.Conversation.SendAsync(_zoe, to.Id, Guid.NewGuid(), text, default);
    }

    [Fact]
    public async Task A_refused_command_of_the_menu_is_shown()
    {
        var room = await AddRoomAsync("One");
        var nav = await RenderAsync(1);
        await nav.InvokeAsync(() => nav.Instance.OpenMenu(room.Id));
        var ada = Ada.UserId;
        await using (var db = await Site.OpenAsync())
            await db.Memberships.Where(m => m.RoomId == room.Id && m.UserId == ada).ExecuteDeleteAsync();

        await Button(nav, "Add to favorites").ClickAsync();

        await nav.WaitForStateAsync(() => nav.FindAll("[role=alert]").Any(alert => alert.TextContent == "Join the room to choose this."));
    }

    [Fact]
    public async Task Events_that_are_late_or_doubled_do_not_undo_newer_ones()
    {
        var room = await AddRoomAsync("One");
        await SendAsync(room, 9);
        var nav = await RenderAsync(1);
        await nav.WaitForStateAsync(() => Total(nav) == "9");

        // As if another tab had read all, marked message 4 as unread, read to 6, and marked message 3: the last mark arrives first.
        await PublishAsync(new RoomRead(room.Id, 9, 3, 2));
        await nav.WaitForStateAsync(() => Total(nav) == "7");
        await PublishAsync(new RoomRead(room.Id, 9, 4, 1));
        await PublishAsync(new RoomRead(room.Id, 9, 7, 1));
        await PublishAsync(new RoomRead(room.Id, 9, null, 0));
        await PublishAsync(new RoomRead(room.Id, 9, 5, 2));
        await nav.WaitForStateAsync(() => Total(nav) == "5");
        await PublishAsync(new RoomRead(room.Id, 9, 3, 2));
        await PublishAsync(new RoomRead(room.Id, 9, null, 2));
        await nav.WaitForStateAsync(() => Total(nav) == "0");

        await PublishAsync(new RoomPreferencesChanged(room.Id, null, true, null, 2));
        await PublishAsync(new RoomPreferencesChanged(room.Id, RoomLevel.Nothing, false, null, 1));
        await PublishAsync(new RoomRead(room.Id, 9, 9, 3));
        await nav.WaitForStateAsync(() => Total(nav) == "1");
        Assert.Equal(["Favorites: One", "Rooms: "], Sections(nav));
        Assert.Empty(nav.FindAll("li.muted"));

        Task PublishAsync<T>(T message)
            where T : class => Site.Layer.PublishAsync(RoomGroups.User(Ada.UserId), message).AsTask();
    }

    [Fact]
    public async Task Lost_events_are_mended_by_a_read_after_the_gap()
    {
        var room = await AddRoomAsync("One");
        await SendAsync(room, 5);
        var nav = await RenderAsync(1);
        await nav.WaitForStateAsync(() => Total(nav) == "5");
        var ada = Ada.UserId;
        await using (var db = await Site.OpenAsync())
        {
            await db.Memberships.Where(m => m.UserId == ada).ExecuteUpdateAsync(m => m
                .SetProperty(membership => membership.LastReadSequence, 5)
                .SetProperty(membership => membership.UnreadFrom, 4)
                .SetProperty(membership => membership.UnreadMarks, 1)
                .SetProperty(membership => membership.IsFavourite, true)
                .SetProperty(membership => membership.PreferencesVersion, 1));
        }

        Site.Services.GetRequiredService<ChannelLayer>().SignalGap();
        await AdvanceUntilAsync(nav, () => Total(nav) == "2");

        Assert.Equal(["Favorites: One", "Rooms: "], Sections(nav));
    }

    [Fact]
    public async Task A_message_in_the_room_that_one_watches_counts_only_when_it_stays_unread()
    {
        var (open, other) = (await AddRoomAsync("Open"), await AddRoomAsync("Other"));
        Navigation.NavigateTo($"rooms/{open.Id}");
        var nav = await RenderAsync(2);

        // Read at once.
        await SendAsync(open, 1);
        await SendAsync(other, 1);
        await nav.WaitForStateAsync(() => Total(nav) == "1");
        await Site.Conversation.MarkReadAsync(Ada, open.Id, 1, default);
        // Not read: the reader has scrolled up.
        await SendAsync(open, 1);
        await SendAsync(other, 1);
        await nav.WaitForStateAsync(() => Total(nav) == "2");
        await AdvanceUntilAsync(nav, () => Total(nav) == "3");
        await Site.Conversation.MarkReadAsync(Ada, open.Id, 2, default);
        await nav.WaitForStateAsync(() => Total(nav) == "2");

        // In another window they count at once.
        await nav.InvokeAsync(() => nav.Instance.WatchAsync(false));
        await SendAsync(open, 1);
        await nav.WaitForStateAsync(() => Total(nav) == "3");
    }

    [Fact]
    public async Task An_event_that_was_lost_without_a_gap_is_mended_when_the_reader_returns()
    {
        var room = await AddRoomAsync("One");
        await SendAsync(room, 2);
        var nav = await RenderAsync(1);
        await nav.WaitForStateAsync(() => Total(nav) == "2");
        var ada = Ada.UserId;
        await using (var db = await Site.OpenAsync())
            await db.Memberships.Where(m => m.UserId == ada).ExecuteUpdateAsync(m => m.SetProperty(membership => membership.LastReadSequence, 2));

        await nav.InvokeAsync(() => nav.Instance.WatchAsync(true));
        Assert.Equal("2", Total(nav));
        _time.Advance(TimeSpan.FromMinutes(2));
        await nav.InvokeAsync(() => nav.Instance.WatchAsync(true));

        await nav.WaitForStateAsync(() => Total(nav) == "0");
    }

    [Fact]
    public async Task A_mark_in_the_open_room_is_shown_at_once()
    {
        var room = await AddRoomAsync("Open");
        await SendAsync(room, 3);
        await Site.Conversation.MarkReadAsync(Ada, room.Id, 3, default);
        Navigation.NavigateTo($"rooms/{room.Id}");
        var nav = await RenderAsync(1);

        await Site.Conversation.MarkUnreadAsync(Ada, room.Id, 2, default);

        await nav.WaitForStateAsync(() => Total(nav) == "2");
        Assert.Equal("2 unread", nav.Find(".room-nav-count .visually-hidden").TextContent);
    }

    [Fact]
    public async Task Keys_go_through_the_rooms_in_the_order_of_the_list_and_through_unread_ones()
    {
        var (one, two, three) = (await AddRoomAsync("One"), await AddRoomAsync("Two"), await AddRoomAsync("Zoo"));
        await Site.Preferences.SetFavouriteAsync(Ada, three.Id, true, default);
        await SendAsync(two, 1);
        var nav = await RenderAsync(3);
        await nav.WaitForStateAsync(() => Total(nav) == "1");

        Assert.Equal([three, one, two, three], [await GoAsync(1), await GoAsync(1), await GoAsync(1), await GoAsync(1)]);
        Assert.Equal(two, await GoAsync(-1));
        Assert.Equal(one, await GoAsync(-1));
        Assert.Equal(two, await GoAsync(1, isUnread: true));
        // There is no other one.
        Assert.Equal(two, await GoAsync(1, isUnread: true));

        async Task<RoomView> GoAsync(int step, bool isUnread = false)
        {
            await nav.InvokeAsync(() => nav.Instance.Go(step, isUnread));
            RoomView[] rooms = [one, two, three];
            return rooms.Single(room => Navigation.Uri.EndsWith($"rooms/{room.Id}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_list_is_rendered_only_when_a_number_changes()
    {
        var room = await AddRoomAsync("One");
        await SendAsync(room, 1);
        var nav = await RenderAsync(1);
        await nav.WaitForStateAsync(() => Total(nav) == "1");
        var elsewhere = await Site.Rooms.CreateAsync(_zoe, "Elsewhere", default);
        var rendered = nav.RenderCount;

        await SendAsync(elsewhere, 1);
        await Site.Layer.PublishAsync(RoomGroups.User(Ada.UserId), new RoomRead(room.Id, 0, null, 0));
        await SendAsync(room, 1);
        await nav.WaitForStateAsync(() => Total(nav) == "2");

        Assert.Equal(rendered + 1, nav.RenderCount);
    }

    private async Task<IRenderedComponent<RoomNav>> RenderAsync(int rooms)
    {
        var nav = Render<RoomNav>();
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == rooms);
        // The list is read again when it has subscribed, and a change after that is shown from its event.
        var marker = await Site.Rooms.CreateAsync(Ada, "Marker", default);
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == rooms + 1);
        await Site.Owners.LeaveAsync(Ada, marker.Id, null, default);
        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == rooms);
        return nav;
    }

    /// <summary>Advances the clock until a state is reached, since a component may not have asked for its time yet.</summary>
    private async Task AdvanceUntilAsync(IRenderedComponent<RoomNav> nav, Func<bool> isReached)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!await nav.InvokeAsync(isReached))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, timeout.Token);
        }
    }

    private async Task<RoomView> AddRoomAsync(string name)
    {
        _zoe ??= await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(_zoe, name, default);
        await Site.Rooms.JoinAsync(Ada, room.Id, default);
        return room;
    }

    private async Task SendAsync(RoomView room, int messages)
    {
        for (var i = 0; i < messages; i++)
            await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), $"{i}", default);
    }

    private static string? Total(IRenderedComponent<RoomNav> nav) => nav.Find(".room-nav").GetAttribute("data-total");

    /// <summary>The sections with their rooms; the one of direct messages when it has any.</summary>
    private static IEnumerable<string> Sections(IRenderedComponent<RoomNav> nav) => nav.FindAll("section:not([data-section=direct]), section:has(li)").Select(
        section => $"{section.QuerySelector("h2")!.TextContent}: {string.Join(", ", section.QuerySelectorAll("li bdi").Select(name => name.TextContent))}");

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<RoomNav> nav, string text) =>
        nav.FindAll(".room-preferences button").Single(button => button.TextContent == text);
}
