using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Tests.Rooms.Members;

public sealed class RoomPreferencesTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Each_member_chooses_for_themselves()
    {
        await _site.Preferences.SetLevelAsync(_zoe, _room.Id, RoomLevel.Everything, default);
        await _site.Preferences.SetFavouriteAsync(_zoe, _room.Id, true, default);

        var (hers, mine) = (await FindAsync(_zoe), await FindAsync(_ada));
        Assert.Equal((RoomLevel.Everything, true, 2), (hers.Level, hers.IsFavourite, hers.PreferencesVersion));
        Assert.Equal((RoomLevel.Mentions, false, 0), (mine.Level, mine.IsFavourite, mine.PreferencesVersion));
        Assert.Equal(hers with { Topic = null, Description = null }, Assert.Single(await _site.Rooms.ListJoinedAsync(_zoe, default)));
    }

    [Fact]
    public async Task A_muted_room_counts_nothing_and_its_messages_stay_unread()
    {
        await SendAsync();
        await _site.Preferences.SetLevelAsync(_zoe, _room.Id, RoomLevel.Nothing, default);
        await SendAsync();
        var muted = await FindAsync(_zoe);
        Assert.Equal((true, 2, 0), (muted.IsMuted, muted.Unread, muted.Counted));

        await _site.Preferences.SetLevelAsync(_zoe, _room.Id, RoomLevel.Mentions, default);

        Assert.Equal(2, (await FindAsync(_zoe)).Counted);
    }

    [Fact]
    public async Task A_hidden_room_returns_with_its_next_message()
    {
        await SendAsync();
        await _site.Preferences.HideAsync(_zoe, _room.Id, default);
        var hidden = await FindAsync(_zoe);
        Assert.Equal((true, 0, 1), (hidden.IsHidden, hidden.Counted, hidden.Unread));

        await SendAsync();
        var returned = await FindAsync(_zoe);
        Assert.Equal((false, 2), (returned.IsHidden, returned.Counted));
        await _site.Preferences.HideAsync(_zoe, _room.Id, default);
        await _site.Preferences.ShowAsync(_zoe, _room.Id, default);

        Assert.False((await FindAsync(_zoe)).IsHidden);
    }

    [Fact]
    public async Task A_hidden_and_muted_room_stays_hidden()
    {
        await _site.Preferences.SetLevelAsync(_zoe, _room.Id, RoomLevel.Nothing, default);
        await _site.Preferences.HideAsync(_zoe, _room.Id, default);
        await SendAsync();
        Assert.True((await FindAsync(_zoe)).IsHidden);

        await _site.Preferences.SetLevelAsync(_zoe, _room.Id, RoomLevel.Mentions, default);

        Assert.False((await FindAsync(_zoe)).IsHidden);
    }

    [Fact]
    public async Task A_mark_shows_a_hidden_room_and_hiding_ends_a_mark()
    {
        await SendAsync();
        await _site.Preferences.HideAsync(_zoe, _room.Id, default);
        await _site.Conversation.MarkUnreadAsync(_zoe, _room.Id, 1, default);
        Assert.False((await FindAsync(_zoe)).IsHidden);

        await _site.Preferences.HideAsync(_zoe, _room.Id, default);

        var hidden = await FindAsync(_zoe);
        Assert.Equal((true, null), (hidden.IsHidden, hidden.UnreadFrom));
    }

    [Fact]
    public async Task Changes_are_published_to_the_person_with_all_preferences_and_a_version()
    {
        await SendAsync();
        await using var consumer = new RoomEventRecorder(RoomGroups.User(_zoe.UserId));
        await consumer.ConnectAsync(_site);

        await _site.Preferences.SetLevelAsync(_zoe, _room.Id, RoomLevel.Nothing, default);
        await _site.Preferences.SetFavouriteAsync(_zoe, _room.Id, true, default);
        await _site.Preferences.HideAsync(_zoe, _room.Id, default);

        Assert.Equal(new RoomPreferencesChanged(_room.Id, RoomLevel.Nothing, false, null, 1), await consumer.NextAsync());
        Assert.Equal(new RoomPreferencesChanged(_room.Id, RoomLevel.Nothing, true, null, 2), await consumer.NextAsync());
        var last = Assert.IsType<RoomPreferencesChanged>(await consumer.NextAsync());
        Assert.Equal(new RoomPreferencesChanged(_room.Id, RoomLevel.Nothing, true, 1, 3), last);
        // An older event changes nothing.
        var room = (await FindAsync(_zoe)).Apply(last);
        Assert.Same(room, room.Apply(new RoomPreferencesChanged(_room.Id, null, false, null, 2)));
    }

    [Fact]
    public async Task Simultaneous_changes_are_all_stored()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => i % 2 == 0
            ? _site.Preferences.SetFavouriteAsync(_zoe, _room.Id, true, default)
            : _site.Preferences.SetLevelAsync(_zoe, _room.Id, RoomLevel.Everything, default))));

        var room = await FindAsync(_zoe);
        Assert.Equal((20, true, RoomLevel.Everything), (room.PreferencesVersion, room.IsFavourite, room.Level));
    }

    [Fact]
    public async Task Only_members_choose_and_others_do_not_learn_of_a_private_room()
    {
        var max = await _site.AddPersonAsync("Max", isAdmin: true);
        var secret = await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);

        foreach (var command in new Func<int, Task>[]
        {
            roomId => _site.Preferences.SetLevelAsync(max, roomId, RoomLevel.Nothing, default),
            roomId => _site.Preferences.SetFavouriteAsync(max, roomId, true, default),
            roomId => _site.Preferences.HideAsync(max, roomId, default),
            roomId => _site.Preferences.ShowAsync(max, roomId, default),
        })
        {
            Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => command(_room.Id))).Code);
            var (closed, missing) = (
                await Assert.ThrowsAsync<RefusedException>(() => command(secret.Id)), await Assert.ThrowsAsync<RefusedException>(() => command(999)));
            Assert.Equal((RefusalCode.NotFound, missing.Message), (closed.Code, closed.Message));
        }
    }

    private async Task<RoomView> FindAsync(ClaimsPrincipal person) => (await _site.Rooms.FindAsync(person, _room.Id, default))!;

    private Task<MessageView> SendAsync() => _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "x", default);
}
