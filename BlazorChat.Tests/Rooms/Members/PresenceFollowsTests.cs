using System.Security.Claims;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Tests.Accounts.Presence;

namespace BlazorChat.Tests.Rooms.Members;

public sealed class PresenceFollowsTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        (_ada, _zoe) = (await _site.AddPersonAsync("Ada"), await _site.AddPersonAsync("Zoe"));
        _room = await _site.Rooms.CreateAsync(_ada, "Crew", RoomKind.Private, default);
        await _site.Services.GetRequiredService<RoomMembers>().AddAsync(_ada, _room.Id, _zoe.UserId, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_follower_has_the_list_and_then_a_page_for_each_change_of_presence_and_status()
    {
        using var here = _site.Presence.Open(_ada);
        await using var follow = await FollowAsync(_ada);
        var list = await follow.NextAsync();
        Assert.Equal((true, _ada.UserId), (list.IsComplete, Assert.Single(list.People).UserId));

        using var zoe = _site.Presence.Open(_zoe);
        // The list may be followed by the same state of Ada.
        var page = await follow.NextAsync(_zoe.UserId);
        Assert.Equal((false, PresenceState.Online), (page.IsComplete, page.People[^1].State));
        await _site.Services.GetRequiredService<PeopleStatus>().SetAsync(_zoe, "🌴", "On holiday", null, default);

        Assert.Equal("On holiday", Assert.Single((await follow.NextAsync(_zoe.UserId)).People).Status?.Text);
    }

    [Fact]
    public async Task Nobody_receives_people_with_whom_they_share_no_room()
    {
        // Everybody may read an open room, and is not its member by that.
        var eve = await _site.AddPersonAsync("Eve");
        var other = await _site.Rooms.CreateAsync(eve, "Open", RoomKind.Open, default);
        await using var follow = await FollowAsync(_ada);
        Assert.Empty((await follow.NextAsync()).People);

        using var outsider = _site.Presence.Open(eve);
        await _site.Presence.UntilAsync(eve.UserId, PresenceState.Online);
        using (_site.Presence.Open(_zoe))
            Assert.Equal([_zoe.UserId], (await follow.NextAsync()).People.Select(person => person.UserId));
        await _site.Services.GetRequiredService<RoomMembers>().RemoveAsync(_ada, _room.Id, _zoe.UserId, default);
        await _site.Rooms.JoinAsync(_ada, other.Id, default);
        await _site.Services.GetRequiredService<PeopleStatus>().SetAsync(_zoe, "🌴", "", null, default);
        await _site.Services.GetRequiredService<PeopleStatus>().SetAsync(eve, "📅", "", null, default);

        Assert.Equal([eve.UserId], (await follow.NextAsync()).People.Select(person => person.UserId));
    }

    [Fact]
    public async Task Who_follows_a_room_receives_its_members_only_and_must_be_one()
    {
        var eve = await _site.AddPersonAsync("Eve");
        var open = await _site.Rooms.CreateAsync(eve, "Open", RoomKind.Open, default);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => FollowAsync(_ada, open.Id));
        Assert.Equal(RefusalCode.Forbidden, refused.Code);
        Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => FollowAsync(eve, _room.Id))).Code);
        await _site.Rooms.JoinAsync(_ada, open.Id, default);
        await using var follow = await FollowAsync(_ada, open.Id);
        Assert.Empty((await follow.NextAsync()).People);

        using var zoe = _site.Presence.Open(_zoe);
        await _site.Presence.UntilAsync(_zoe.UserId, PresenceState.Online);
        using var connection = _site.Presence.Open(eve);

        Assert.Equal([eve.UserId], (await follow.NextAsync()).People.Select(person => person.UserId));
    }

    [Fact]
    public void A_reader_has_the_newest_state_of_each_person_once_and_a_list_when_there_are_too_many()
    {
        var follow = new PresenceFollow(_ada.UserId, null);
        Assert.True(follow.ResetStale());
        for (var i = 0; i < 10_000; i++)
            follow.Add([new MemberPresence(i % 3, i % 2 == 0 ? PresenceState.Online : PresenceState.Away, null)]);

        Assert.Equal([PresenceState.Away, PresenceState.Away, PresenceState.Online], follow.DrainChanges().Select(person => person.State));
        Assert.False(follow.ResetStale());
        follow.Add(Enumerable.Range(1, RoomPresence.MaxPeople + 1).Select(id => new MemberPresence(id, PresenceState.Online, null)));

        Assert.True(follow.ResetStale());
        Assert.Empty(follow.DrainChanges());
    }

    private async Task<Pages> FollowAsync(ClaimsPrincipal reader, int? roomId = null)
    {
        var stopped = new CancellationTokenSource();
        var pages = await _site.Services.GetRequiredService<PresenceFollows>().FollowAsync(reader, roomId, stopped.Token);
        return new Pages(pages.GetAsyncEnumerator(), stopped);
    }

    private sealed class Pages(IAsyncEnumerator<PresencePage> pages, CancellationTokenSource stopped) : IAsyncDisposable
    {
        public async Task<PresencePage> NextAsync()
        {
            Assert.True(await pages.MoveNextAsync().AsTask().WaitAsync(TestWait.Limit));
            return pages.Current;
        }

        /// <summary>Waits for the next page with a person.</summary>
        public async Task<PresencePage> NextAsync(int userId)
        {
            while (true)
            {
                var page = await NextAsync();
                if (page.People.Any(person => person.UserId == userId))
                    return page;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stopped.CancelAsync();
            await pages.DisposeAsync();
            stopped.Dispose();
        }
    }
}
