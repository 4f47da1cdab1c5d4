using BlazorChat.Accounts.Presence;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Accounts.Presence;

public sealed class RemotePresenceTests
{
    private const string Node = "a";

    private readonly FakeTimeProvider _time = new();
    private readonly HashSet<int> _changed = [];
    private readonly RemotePresence _presence;

    public RemotePresenceTests() => _presence = new RemotePresence(_time, id => _changed.Add(id));

    [Fact]
    public void A_node_is_known_after_its_list_and_follows_its_changes()
    {
        Assert.False(_presence.Apply(new PresenceAlive(Node, 4)));
        Assert.True(_presence.Apply(List(4, true, false, Online(1))));
        Assert.Null(State(1));
        Assert.True(_presence.Apply(List(4, false, true, Online(2))));
        Assert.Equal([PresenceState.Online, PresenceState.Online], new[] { State(1), State(2) });
        Assert.True(_presence.Apply(new PresenceChanged(Node, 5, [new PersonPresence(1, PresenceState.Away)])));
        Assert.True(_presence.Apply(new PresenceAlive(Node, 5)));
        Assert.Equal([PresenceState.Away, PresenceState.Online], new[] { State(1), State(2) });
        Assert.Equal([1, 2], _changed.Order());
    }

    [Fact]
    public void A_missing_change_is_found_by_the_next_one_or_by_a_heartbeat_and_repaired_by_a_list()
    {
        _presence.Apply(List(1, true, true, Online(1)));
        Assert.False(_presence.Apply(new PresenceAlive(Node, 2)));
        Assert.False(_presence.Apply(new PresenceChanged(Node, 3, [Online(3)])));
        Assert.Equal(PresenceState.Online, State(3));
        Assert.False(_presence.Apply(new PresenceAlive(Node, 3)));

        Assert.True(_presence.Apply(List(3, true, true, Online(2), Online(3))));

        Assert.True(_presence.Apply(new PresenceAlive(Node, 3)));
        Assert.Null(State(1));
        Assert.Equal(PresenceState.Online, State(2));
    }

    [Fact]
    public void What_is_older_than_what_is_known_changes_nothing()
    {
        _presence.Apply(List(2, true, true, Online(1)));

        Assert.True(_presence.Apply(new PresenceChanged(Node, 2, [new PersonPresence(1, PresenceState.Offline)])));
        Assert.True(_presence.Apply(List(1, true, true)));
        Assert.True(_presence.Apply(List(1, false, true)));

        Assert.Equal(PresenceState.Online, State(1));
    }

    [Fact]
    public void A_list_whose_first_part_was_lost_is_missing()
    {
        Assert.False(_presence.Apply(List(1, false, true, Online(1))));
        Assert.Null(State(1));
    }

    [Fact]
    public void The_people_of_a_dead_node_lapse_within_thirty_seconds_and_those_of_a_node_that_left_as_after_a_drop()
    {
        _presence.Apply(List(1, true, true, Online(1)));
        _presence.Apply(new PresenceListed("b", 1, true, true, [Online(2)]));
        _presence.Apply(new PresenceLeft("b"));
        _changed.Clear();
        _time.Advance(TimeSpan.FromSeconds(14));
        _presence.RemoveSilent();
        Assert.Equal(PresenceState.Online, State(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        _presence.RemoveSilent();
        Assert.Null(State(2));
        Assert.Equal(PresenceState.Online, State(1));

        _time.Advance(TimeSpan.FromSeconds(14));
        _presence.RemoveSilent();

        Assert.Null(State(1));
        Assert.Equal([1, 2], _changed.Order());
    }

    [Fact]
    public void A_node_that_is_alive_does_not_lapse_nor_one_that_could_not_be_heard()
    {
        _presence.Apply(List(1, true, true, Online(1)));
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            _presence.Apply(new PresenceAlive(Node, 1));
            _presence.RemoveSilent();
        }

        Assert.Equal(PresenceState.Online, State(1));
        _time.Advance(TimeSpan.FromHours(1));
        _presence.Renew();
        _presence.RemoveSilent();
        Assert.Equal(PresenceState.Online, State(1));
    }

    [Fact]
    public void Of_two_nodes_the_one_where_the_person_is_active_counts_and_rooms_of_both()
    {
        _presence.Apply(List(1, true, true, new PersonPresence(1, PresenceState.Away)));
        _presence.Apply(new PresenceListed("b", 1, true, true, [new PersonPresence(1, PresenceState.Online, [7])]));
        _presence.Apply(new PresenceListed("c", 1, true, true, [new PersonPresence(1, PresenceState.Online, [8])]));

        Assert.Equal(PresenceState.Online, State(1));
        Assert.Equal([true, true, false], new[] { 7, 8, 9 }.Select(room => _presence.IsWatching(1, room)));
    }

    private static PersonPresence Online(int id) => new(id, PresenceState.Online);

    private static PresenceListed List(long version, bool isFirst, bool isLast, params PersonPresence[] people) =>
        new(Node, version, isFirst, isLast, people);

    private PresenceState? State(int id) => _presence.Find(id)?.State;
}
