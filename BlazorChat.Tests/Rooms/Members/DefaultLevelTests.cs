using System.Security.Claims;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;

namespace BlazorChat.Tests.Rooms.Members;

/// <summary>The level that a person chose for all rooms without one of their own.</summary>
public sealed class DefaultLevelTests : IAsyncLifetime
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
        await _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "Hello", default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task It_applies_to_rooms_without_a_level_wherever_they_are_read()
    {
        var unread = _site.Services.GetRequiredService<UnreadRooms>();
        Assert.Equal([RoomLevel.Mentions, RoomLevel.Mentions, RoomLevel.Mentions], await LevelsAsync(_zoe));

        await _site.Notifications.SetRoomLevelAsync(_zoe, RoomLevel.Nothing, default);

        Assert.Equal([RoomLevel.Nothing, RoomLevel.Nothing, RoomLevel.Nothing], await LevelsAsync(_zoe));
        Assert.Equal([RoomLevel.Mentions, RoomLevel.Mentions, RoomLevel.Mentions], await LevelsAsync(_ada));
        Assert.Empty((await unread.ListAsync(_zoe, null, default)).Rooms);
        Assert.Equal(RoomLevel.Nothing, (await _site.Rooms.CreateAsync(_zoe, "Hers", default)).Level);

        await _site.Preferences.SetLevelAsync(_zoe, _room.Id, RoomLevel.Everything, default);
        Assert.Equal([RoomLevel.Everything, RoomLevel.Everything, RoomLevel.Everything], await LevelsAsync(_zoe));
        Assert.Single((await unread.ListAsync(_zoe, null, default)).Rooms);
        await _site.Preferences.SetLevelAsync(_zoe, _room.Id, null, default);
        Assert.Equal([RoomLevel.Nothing, RoomLevel.Nothing, RoomLevel.Nothing], await LevelsAsync(_zoe));
    }

    [Fact]
    public async Task It_does_not_apply_to_direct_messages_and_to_rooms_of_others()
    {
        await _site.Notifications.SetRoomLevelAsync(_zoe, RoomLevel.Nothing, default);
        var (directId, _) = await _site.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default);
        var others = await _site.Rooms.CreateAsync(_ada, "Not hers", default);

        Assert.Equal(RoomLevel.Everything, (await _site.Rooms.FindAsync(_zoe, directId, default))!.Level);
        Assert.Null((await _site.Rooms.FindAsync(_zoe, others.Id, default))!.Default);
    }

    [Fact]
    public async Task A_change_is_published_to_the_person_and_an_older_one_changes_nothing()
    {
        await using var consumer = new RoomEventRecorder(RoomGroups.User(_zoe.UserId));
        await consumer.ConnectAsync(_site);
        var before = (await _site.Rooms.FindAsync(_zoe, _room.Id, default))!;

        var nothing = await _site.Notifications.SetRoomLevelAsync(_zoe, RoomLevel.Nothing, default);
        var hours = await _site.Notifications.SetQuietHoursAsync(_zoe, new QuietHours(new TimeOnly(22, 30), new TimeOnly(7, 0)), "UTC", default);
        var everything = await _site.Notifications.SetRoomLevelAsync(_zoe, RoomLevel.Everything, default);

        Assert.Equal(new NotificationChoicesChanged(nothing), await consumer.NextAsync());
        Assert.Equal(new NotificationChoicesChanged(hours), await consumer.NextAsync());
        var last = Assert.IsType<NotificationChoicesChanged>(await consumer.NextAsync());
        Assert.Equal(everything, last.Choices);
        var after = before.Apply(last);
        Assert.Equal(RoomLevel.Everything, after.Level);
        Assert.Same(after, after.Apply(new NotificationChoicesChanged(nothing)));
        // A list that was read before the last change is merged with the events.
        Assert.Equal(RoomLevel.Everything, before.Apply(new NotificationChoicesChanged(nothing)).Merge(after).Level);
        var stored = (await _site.Rooms.FindAsync(_zoe, _room.Id, default))!;
        Assert.Same(stored, stored.Apply(new NotificationChoicesChanged(nothing)));
    }

    /// <summary>As one room, in the list of joined rooms, and in that of all rooms.</summary>
    private async Task<RoomLevel[]> LevelsAsync(ClaimsPrincipal person) =>
    [
        (await _site.Rooms.FindAsync(person, _room.Id, default))!.Level,
        (await _site.Rooms.ListJoinedAsync(person, default)).Single(room => room.Id == _room.Id).Level,
        (await _site.Rooms.ListVisibleAsync(person, default)).Single(room => room.Id == _room.Id).Level,
    ];
}
