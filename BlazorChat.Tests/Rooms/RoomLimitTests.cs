using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms;

/// <summary>Limits of the number of rooms, and of added members.</summary>
public sealed class RoomLimitTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private int _made;

    private RoomMembers Members => _site.Services.GetRequiredService<RoomMembers>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync(
            null, _time, "Rooms:MaxRooms=5", "Rooms:MaxOwned=2", "Rooms:MaxJoined=3", "Rooms:AddsPerDay=2");
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task G1_One_person_owns_a_limited_number_of_rooms()
    {
        var first = await CreateAsync(_ada);
        await CreateAsync(_ada);

        await RefusedAsync("own 2 rooms", () => CreateAsync(_ada));
        await _site.Owners.LeaveAsync(_ada, first.Id, null, default);

        await CreateAsync(_ada);
    }

    [Fact]
    public async Task G1_A_server_has_a_limited_number_of_rooms()
    {
        var kim = await _site.AddPersonAsync("Kim");
        foreach (var person in new[] { _ada, _ada, _zoe, _zoe, kim })
            await CreateAsync(person);

        await RefusedAsync("There are 5 rooms", () => CreateAsync(kim));
    }

    [Fact]
    public async Task G1_One_person_joins_or_is_added_to_a_limited_number_of_rooms()
    {
        await CreateAsync(_zoe);
        await CreateAsync(_zoe);
        var (joined, another) = (await CreateAsync(_ada), await CreateAsync(_ada));
        await _site.Rooms.JoinAsync(_zoe, joined.Id, default);

        await RefusedAsync("in 3 rooms", () => _site.Rooms.JoinAsync(_zoe, another.Id, default));
        // A refused call does not count against the two people a day.
        for (var i = 0; i < 3; i++)
            await RefusedAsync("the maximum number of rooms", () => Members.AddAsync(_ada, another.Id, _zoe.UserId, default));
        Assert.Equal(3, (await _site.Rooms.ListJoinedAsync(_zoe, default)).Count);
    }

    [Fact]
    public async Task G1_Created_rooms_count_as_joined()
    {
        var (joined, another) = (await CreateAsync(_ada), await CreateAsync(_ada));
        await CreateAsync(_zoe);
        await _site.Rooms.JoinAsync(_zoe, joined.Id, default);
        await _site.Rooms.JoinAsync(_zoe, another.Id, default);

        await RefusedAsync("in 3 rooms", () => CreateAsync(_zoe));
    }

    [Fact]
    public async Task G1_One_person_adds_a_limited_number_of_people_a_day()
    {
        var room = await CreateAsync(_ada);
        var people = new List<ClaimsPrincipal>();
        for (var i = 0; i < 4; i++)
            people.Add(await _site.AddPersonAsync($"Person {i}"));
        await Members.AddAsync(_ada, room.Id, people[0].UserId, default);
        await Members.AddAsync(_ada, room.Id, people[0].UserId, default);
        await Members.AddAsync(_ada, room.Id, people[1].UserId, default);

        var refused = await RefusedAsync("add at most 2 people a day", () => Members.AddAsync(_ada, room.Id, people[2].UserId, default));
        Assert.Equal(TimeSpan.FromHours(12), refused.RetryAfter);
        _time.Advance(TimeSpan.FromHours(12));

        await Members.AddAsync(_ada, room.Id, people[2].UserId, default);
        await RefusedAsync("a day", () => Members.AddAsync(_ada, room.Id, people[3].UserId, default));
    }

    [Fact]
    public async Task One_person_opens_a_limited_number_of_direct_rooms_and_is_in_a_limited_number()
    {
        var people = new List<int>();
        for (var i = 0; i < 4; i++)
            people.Add((await _site.AddPersonAsync($"Person {i}")).UserId);
        var first = await WriteToAsync(people[0]);
        await WriteToAsync(people[1]);

        var refused = await RefusedAsync("at most 2 direct messages a day", () => _site.DirectRooms.OpenAsync(_ada, [people[2]], default));
        Assert.Equal(TimeSpan.FromHours(12), refused.RetryAfter);
        await _site.DirectRooms.OpenAsync(_ada, [people[0]], default);
        _time.Advance(TimeSpan.FromHours(12));
        await WriteToAsync(people[2]);

        _time.Advance(TimeSpan.FromHours(12));
        await RefusedAsync("You have 3 direct messages", () => _site.DirectRooms.OpenAsync(_ada, [people[3]], default));
        await RefusedAsync("One of these people", () => _site.DirectRooms.OpenAsync(_zoe, [_ada.UserId], default));

        // What is hidden makes space, for good when it is muted too.
        await _site.Preferences.SetLevelAsync(_ada, first, RoomLevel.Nothing, default);
        await _site.Preferences.HideAsync(_ada, first, default);
        await _site.Conversation.SendAsync(_ada, first, Guid.NewGuid(), "Hello again", default);
        await _site.DirectRooms.OpenAsync(_zoe, [_ada.UserId], default);
    }

    [Fact]
    public async Task Direct_rooms_without_a_message_are_in_nobodys_way_and_are_removed_after_a_day()
    {
        var (kim, max) = (await _site.AddPersonAsync("Kim"), await _site.AddPersonAsync("Max"));
        var written = await _site.DirectRooms.OpenAsync(_zoe, [_ada.UserId], default);
        await _site.Conversation.SendAsync(_zoe, written.RoomId, Guid.NewGuid(), "Hello", default);
        var empty = await _site.DirectRooms.OpenAsync(_zoe, [_ada.UserId, kim.UserId], default);
        await _site.DirectRooms.OpenAsync(kim, [_ada.UserId], default);
        await _site.DirectRooms.OpenAsync(kim, [_ada.UserId, max.UserId], default);
        await _site.DirectRooms.OpenAsync(_ada, [max.UserId], default);
        using var sweep = ActivatorUtilities.CreateInstance<EmptyDirectRooms>(_site.Services);
        await sweep.SweepAsync(default);
        Assert.Equal(empty with { IsNew = false }, await _site.DirectRooms.OpenAsync(_zoe, [_ada.UserId, kim.UserId], default));

        _time.Advance(EmptyDirectRooms.Retention + TimeSpan.FromSeconds(1));
        var young = await _site.DirectRooms.OpenAsync(max, [kim.UserId], default);
        await sweep.SweepAsync(default);

        await using var db = await _site.OpenAsync();
        Assert.Equal([written.RoomId, young.RoomId], await db.Rooms.OrderBy(room => room.Id).Select(room => room.Id).ToListAsync());
        Assert.True((await _site.DirectRooms.OpenAsync(_zoe, [_ada.UserId, kim.UserId], default)).IsNew);
    }

    [Fact]
    public async Task Direct_rooms_do_not_count_as_rooms()
    {
        for (var i = 0; i < 6; i++)
        {
            var person = await _site.AddPersonAsync($"Person {i}");
            await _site.DirectRooms.OpenAsync(person, [], default);
            if (i < 3)
                await _site.DirectRooms.OpenAsync(person, [_ada.UserId], default);
        }

        await _site.Rooms.JoinAsync(_ada, (await CreateAsync(_zoe)).Id, default);
        await CreateAsync(_ada);
        await CreateAsync(_ada);

        await RefusedAsync("own 2 rooms", () => CreateAsync(_ada));
    }

    private Task<RoomView> CreateAsync(ClaimsPrincipal person) => _site.Rooms.CreateAsync(person, $"Room {++_made}", default);

    /// <summary>Ada writes to a person.</summary>
    private async Task<int> WriteToAsync(int personId)
    {
        var room = await _site.DirectRooms.OpenAsync(_ada, [personId], default);
        await _site.Conversation.SendAsync(_ada, room.RoomId, Guid.NewGuid(), "Hello", default);
        return room.RoomId;
    }

    private static async Task<RefusedException> RefusedAsync(string reason, Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        return refused;
    }
}
