using BlazorChat.Accounts.Presence;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Accounts.Presence;

public sealed class LocalPresenceTests
{
    private const int Ada = 1;

    private readonly FakeTimeProvider _time = new();
    private readonly LocalPresence _presence;

    public LocalPresenceTests() => _presence = new LocalPresence(_time);

    private PresenceState? State => _presence.Find(Ada)?.State;

    [Fact]
    public void A_person_is_away_after_five_minutes_without_activity_over_all_their_tabs()
    {
        using var one = Open();
        _time.Advance(TimeSpan.FromMinutes(4));
        using var two = Open();
        _time.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(PresenceState.Online, State);
        _time.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Equal(PresenceState.Away, State);

        one.Touch();

        Assert.Equal(PresenceState.Online, State);
    }

    [Fact]
    public void A_short_drop_is_invisible_and_the_last_tab_counts()
    {
        var (one, two) = (Open(), Open());
        one.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(PresenceState.Online, State);
        two.Dispose();
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(PresenceState.Online, State);
        using (Open())
            _time.Advance(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(PresenceState.Online, State);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(State);
    }

    [Fact]
    public void Who_was_away_is_away_during_a_drop_and_after_connecting_again_without_activity()
    {
        var one = Open();
        _time.Advance(LocalPresence.AwayAfter);
        one.Dispose();
        Assert.Equal(PresenceState.Away, State);
        using var two = _presence.Open(Ada, isBot: false, isActive: false);
        Assert.Equal(PresenceState.Away, State);
        two.Touch();
        Assert.Equal(PresenceState.Online, State);
    }

    [Fact]
    public void A_page_that_connects_without_activity_long_after_a_drop_is_away()
    {
        Open().Dispose();
        _time.Advance(LocalPresence.DropGrace);
        _presence.Refresh();

        using var connection = _presence.Open(Ada, isBot: false, isActive: false);

        Assert.Equal(PresenceState.Away, State);
    }

    [Fact]
    public void A_bot_is_never_away()
    {
        using var bot = _presence.Open(Ada, isBot: true, isActive: true);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(PresenceState.Online, State);
    }

    [Fact]
    public void Changes_are_returned_once_and_the_list_has_what_was_returned()
    {
        Assert.Empty(_presence.Refresh());
        var connection = Open();
        Assert.Empty(_presence.List());
        Assert.Equal(new PersonPresence(Ada, PresenceState.Online), Assert.Single(_presence.Refresh()));
        Assert.Empty(_presence.Refresh());
        connection.RoomId = 7;
        Assert.Equal([7], Assert.Single(_presence.Refresh()).Rooms);
        Assert.Equal([7], Assert.Single(_presence.List()).Rooms);
        _time.Advance(LocalPresence.AwayAfter);
        Assert.Equal(new PersonPresence(Ada, PresenceState.Away), Assert.Single(_presence.Refresh()));
        connection.Dispose();
        Assert.Empty(_presence.Refresh());
        _time.Advance(LocalPresence.DropGrace);
        Assert.Equal(new PersonPresence(Ada, PresenceState.Offline), Assert.Single(_presence.Refresh()));
        Assert.Empty(_presence.List());
        Assert.Empty(_presence.Refresh());
    }

    [Fact]
    public void Rooms_are_those_of_all_windows_that_are_open_and_of_nobody_who_is_away()
    {
        using var one = Open();
        using var two = Open();
        (one.RoomId, two.RoomId) = (8, 7);
        Assert.Equal([7, 8], _presence.Find(Ada)!.Rooms);
        two.RoomId = null;
        Assert.Equal([8], _presence.Find(Ada)!.Rooms);
        _time.Advance(LocalPresence.AwayAfter);
        Assert.Null(_presence.Find(Ada)!.Rooms);
        one.Touch();
        one.Dispose();
        Assert.Null(_presence.Find(Ada)!.Rooms);
    }

    [Fact]
    public void A_window_that_was_left_with_the_focus_is_not_looked_at_while_the_person_is_active_in_another_one()
    {
        using var left = Open();
        using var used = Open();
        (left.RoomId, used.RoomId) = (7, 8);
        _time.Advance(LocalPresence.AwayAfter);
        used.Touch();
        Assert.Equal([8], _presence.Find(Ada)!.Rooms);
        left.Touch();
        Assert.Equal([7, 8], _presence.Find(Ada)!.Rooms);
    }

    private PresenceConnection Open() => _presence.Open(Ada, isBot: false, isActive: true);
}
