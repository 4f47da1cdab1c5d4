using System.Security.Claims;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Members;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Members;

public sealed class ProfilesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync(time: _time);
        (_ada, _zoe) = (await _site.AddPersonAsync("Ada"), await _site.AddPersonAsync("Zoe"));
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Who_shares_a_room_sees_presence_status_time_zone_and_do_not_disturb()
    {
        await _site.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default);
        var preferences = _site.Services.GetRequiredService<NotificationPreferences>();
        await preferences.SetTimeZoneAsync(_zoe, "Asia/Seoul", default);
        await preferences.SetDoNotDisturbAsync(_zoe, _time.GetUtcNow().UtcDateTime.AddHours(1), default);
        await _site.Services.GetRequiredService<PeopleStatus>().SetAsync(_zoe, "🌴", "On holiday", _time.GetUtcNow().UtcDateTime.AddHours(2), default);
        using var connection = _site.Presence.Open(_zoe);

        var profile = await GetAsync(_ada);

        Assert.Equal(("Zoe", "zoe", PresenceState.Online, "Asia/Seoul", true), (profile.Name, profile.Handle, profile.Presence, profile.TimeZone, profile.IsQuiet));
        Assert.Equal("On holiday", profile.Status?.Text);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False((await GetAsync(_ada)).IsQuiet);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null((await GetAsync(_ada)).Status);
    }

    [Fact]
    public async Task Who_shares_no_room_sees_a_name_and_a_handle_only()
    {
        await _site.Rooms.CreateAsync(_zoe, "Secret", RoomKind.Private, default);
        await _site.Services.GetRequiredService<NotificationPreferences>().SetTimeZoneAsync(_zoe, "Asia/Seoul", default);
        await _site.Services.GetRequiredService<PeopleStatus>().SetAsync(_zoe, "🌴", "On holiday", null, default);
        using var connection = _site.Presence.Open(_zoe);

        var profile = await GetAsync(_ada);

        Assert.Equal(("Zoe", PresenceState.Unknown, null, null), (profile.Name, profile.Presence, profile.Status, profile.TimeZone));
        // A member of an open room is seen by everybody.
        await _site.Rooms.CreateAsync(_zoe, "Open", default);
        Assert.Equal((PresenceState.Online, "Asia/Seoul"), ((await GetAsync(_ada)).Presence, (await GetAsync(_ada)).TimeZone));
    }

    [Fact]
    public async Task A_banned_account_shows_that_it_is()
    {
        await _site.Rooms.CreateAsync(_zoe, "Open", default);
        await _site.Services.GetRequiredService<PeopleStatus>().SetAsync(_zoe, "🌴", "On holiday", null, default);
        var zoeId = _zoe.UserId;
        await using (var db = await _site.OpenAsync())
            await db.Users.Where(user => user.Id == zoeId).ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        var profile = await GetAsync(_ada);

        Assert.True(profile.IsClosed);
        Assert.Equal((PresenceState.Unknown, null), (profile.Presence, profile.Status));
    }

    [Fact]
    public async Task There_is_no_profile_of_nobody()
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Profiles.GetAsync(_ada, 999, default));
        Assert.Equal(RefusalCode.NotFound, refused.Code);
    }

    private Profiles Profiles => _site.Services.GetRequiredService<Profiles>();

    private Task<ProfileView> GetAsync(ClaimsPrincipal reader) => Profiles.GetAsync(reader, _zoe.UserId, default);
}
