using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Members;

public sealed class RoomOwnersTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private ClaimsPrincipal _admin = default!;
    private RoomView _room = default!;

    private RoomOwners Owners => _site.Services.GetRequiredService<RoomOwners>();

    private RoomMembers Members => _site.Services.GetRequiredService<RoomMembers>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _admin = await _site.AddPersonAsync("Root", isAdmin: true);
        _room = await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task B4_The_only_owner_leaves_after_a_transfer()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        Assert.True(await Owners.NeedsSuccessorAsync(_ada, _room.Id, default));
        Assert.False(await Owners.NeedsSuccessorAsync(_zoe, _room.Id, default));

        await RefusedAsync(RefusalCode.Conflict, () => _site.Owners.LeaveAsync(_ada, _room.Id, null, default));
        await RefusedAsync(RefusalCode.NotFound, () => Owners.LeaveAsync(_ada, _room.Id, _admin.UserId, default));
        Assert.Equal(MembershipRole.Owner, (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.Role);
        await Owners.LeaveAsync(_ada, _room.Id, _zoe.UserId, default);

        Assert.Null(await _site.Rooms.FindAsync(_ada, _room.Id, default));
        Assert.Equal(MembershipRole.Owner, (await _site.Rooms.FindAsync(_zoe, _room.Id, default))!.Role);
        await _site.RoomSettings.RenameAsync(_zoe, _room.Id, "Renamed", default);
    }

    [Fact]
    public async Task B4_Of_two_owners_who_leave_at_once_one_is_refused()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        await Members.AddAsync(_ada, _room.Id, _admin.UserId, default);
        var (ada, zoe) = (_ada.UserId, _zoe.UserId);
        await using (var db = await _site.OpenAsync())
            await db.Memberships.Where(m => m.UserId == ada || m.UserId == zoe).ExecuteUpdateAsync(m => m.SetProperty(membership => membership.Role, MembershipRole.Owner));

        var left = await Task.WhenAll(new[] { _ada, _zoe }.Select(person =>
            Task.Run(() => Record.ExceptionAsync(() => _site.Owners.LeaveAsync(person, _room.Id, null, default)).AsTask())));

        Assert.Equal(RefusalCode.Conflict, Assert.IsType<RefusedException>(Assert.Single(left.OfType<Exception>())).Code);
    }

    [Fact]
    public async Task B4_A_room_is_not_transferred_to_a_person_who_cannot_own_it()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        await using (var db = await _site.OpenAsync())
            await db.Users.Where(user => user.DisplayName == "Zoe").ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        Assert.False(await Owners.NeedsSuccessorAsync(_ada, _room.Id, default));
        await _site.Owners.LeaveAsync(_ada, _room.Id, null, default);

        Assert.Equal([_room.Id], (await Owners.ListOwnerlessAsync(_admin, 0, default)).Select(room => room.Id));
    }

    [Fact]
    public async Task A_room_has_several_owners_and_keeps_the_last_one()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        await RefusedAsync(RefusalCode.Forbidden, () => Owners.SetOwnerAsync(_zoe, _room.Id, _zoe.UserId, isOwner: true, default));
        await RefusedAsync(RefusalCode.NotFound, () => Owners.SetOwnerAsync(_admin, _room.Id, _zoe.UserId, isOwner: true, default));
        await RefusedAsync(RefusalCode.Conflict, () => Owners.SetOwnerAsync(_ada, _room.Id, _ada.UserId, isOwner: false, default));

        await Owners.SetOwnerAsync(_ada, _room.Id, _zoe.UserId, isOwner: true, default);
        await Owners.SetOwnerAsync(_ada, _room.Id, _zoe.UserId, isOwner: true, default);
        Assert.False(await Owners.NeedsSuccessorAsync(_ada, _room.Id, default));
        await Owners.SetOwnerAsync(_zoe, _room.Id, _ada.UserId, isOwner: false, default);

        Assert.Equal(MembershipRole.Member, (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.Role);
        await RefusedAsync(RefusalCode.Forbidden, () => _site.RoomSettings.RenameAsync(_ada, _room.Id, "Mine", default));
        await RefusedAsync(RefusalCode.Conflict, () => Owners.SetOwnerAsync(_zoe, _room.Id, _zoe.UserId, isOwner: false, default));
        await Members.AddAsync(_zoe, _room.Id, _admin.UserId, default);
        await Owners.SetOwnerAsync(_admin, _room.Id, _ada.UserId, isOwner: true, default);
        Assert.Equal(MembershipRole.Owner, (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.Role);
    }

    [Fact]
    public async Task Bots_banned_people_and_people_who_are_not_members_do_not_become_owners()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        var bot = await _site.AddPersonAsync("Bot");
        await Members.AddAsync(_ada, _room.Id, bot.UserId, default);
        await using (var db = await _site.OpenAsync())
        {
            await db.Users.Where(user => user.DisplayName == "Bot").ExecuteUpdateAsync(user => user.SetProperty(u => u.IsBot, true));
            await db.Users.Where(user => user.DisplayName == "Zoe").ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));
        }

        foreach (var person in new[] { _zoe, bot, _admin })
            await RefusedAsync(RefusalCode.NotFound, () => Owners.SetOwnerAsync(_ada, _room.Id, person.UserId, isOwner: true, default));
        // A banned owner is not counted: the room would have none who can sign in.
        await using (var db = await _site.OpenAsync())
        {
            var zoe = _zoe.UserId;
            await db.Memberships.Where(m => m.UserId == zoe).ExecuteUpdateAsync(m => m.SetProperty(membership => membership.Role, MembershipRole.Owner));
        }

        await RefusedAsync(RefusalCode.Conflict, () => Owners.SetOwnerAsync(_ada, _room.Id, _ada.UserId, isOwner: false, default));
        await RefusedAsync(RefusalCode.NotFound, () => Owners.SetOwnerAsync(_ada, _room.Id, _admin.UserId, isOwner: false, default));
    }

    [Fact]
    public async Task Of_two_owners_who_step_down_at_once_one_stays()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        await Owners.SetOwnerAsync(_ada, _room.Id, _zoe.UserId, isOwner: true, default);

        var results = await Task.WhenAll(new[] { _ada, _zoe }.Select(person => Task.Run(() => Record.ExceptionAsync(
            () => Owners.SetOwnerAsync(person, _room.Id, person.UserId, isOwner: false, default)).AsTask())));

        Assert.Equal(RefusalCode.Conflict, Assert.IsType<RefusedException>(Assert.Single(results.OfType<Exception>())).Code);
    }

    [Fact]
    public async Task B4_The_owner_finds_all_members_who_can_own_the_room()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        await Members.AddAsync(_ada, _room.Id, _admin.UserId, default);
        var bot = await _site.AddPersonAsync("Bot");
        await using (var db = await _site.OpenAsync())
            await db.Users.Where(user => user.DisplayName == "Bot").ExecuteUpdateAsync(user => user.SetProperty(u => u.IsBot, true));
        await Members.AddAsync(_ada, _room.Id, bot.UserId, default);

        Assert.Equal(["Root", "Zoe"], (await Owners.FindSuccessorsAsync(_ada, _room.Id, "", default)).Select(member => member.Name));
        Assert.Equal(["Zoe"], (await Owners.FindSuccessorsAsync(_ada, _room.Id, "ZO", default)).Select(member => member.Name));
        await RefusedAsync(RefusalCode.Forbidden, () => Owners.FindSuccessorsAsync(_zoe, _room.Id, "", default));
        await RefusedAsync(RefusalCode.Forbidden, () => Owners.FindSuccessorsAsync(_admin, _room.Id, "", default));
    }

    [Fact]
    public async Task B4_An_admin_finds_a_room_without_an_owner_and_assigns_one()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        Assert.Empty(await Owners.ListOwnerlessAsync(_admin, 0, default));
        Assert.Empty(await Owners.FindCandidatesAsync(_admin, _room.Id, "", default));
        await RefusedAsync(RefusalCode.Conflict, () => Owners.AssignAsync(_admin, _room.Id, _zoe.UserId, default));
        await using (var db = await _site.OpenAsync())
            await db.Users.Where(user => user.DisplayName == "Ada").ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        Assert.Equal(new OwnerlessRoom(_room.Id, "Secret", RoomKind.Private, 2), Assert.Single(await Owners.ListOwnerlessAsync(_admin, 0, default)));
        Assert.Empty(await Owners.ListOwnerlessAsync(_admin, _room.Id, default));
        Assert.Equal(["Zoe"], (await Owners.FindCandidatesAsync(_admin, _room.Id, "ZO", default)).Select(member => member.Name));
        await Owners.AssignAsync(_admin, _room.Id, _zoe.UserId, default);

        Assert.Equal(MembershipRole.Owner, (await _site.Rooms.FindAsync(_zoe, _room.Id, default))!.Role);
        Assert.Empty(await Owners.ListOwnerlessAsync(_admin, 0, default));
        Assert.Null(await _site.Rooms.FindAsync(_admin, _room.Id, default));
    }

    [Fact]
    public async Task B4_An_admin_becomes_the_owner_of_a_room_without_members()
    {
        await _site.Owners.LeaveAsync(_ada, _room.Id, null, default);

        await Owners.AssignAsync(_admin, _room.Id, _admin.UserId, default);

        Assert.Equal(MembershipRole.Owner, (await _site.Rooms.FindAsync(_admin, _room.Id, default))!.Role);
    }

    [Fact]
    public async Task B4_Only_admins_in_the_database_manage_rooms_without_owners()
    {
        await _site.Owners.LeaveAsync(_ada, _room.Id, null, default);
        var demoted = TestDatabase.SignIn(_zoe.UserId, "Zoe", isAdmin: true);

        await RefusedAsync(RefusalCode.Forbidden, () => Owners.ListOwnerlessAsync(demoted, 0, default));
        await RefusedAsync(RefusalCode.Forbidden, () => Owners.FindCandidatesAsync(demoted, _room.Id, "", default));
        await RefusedAsync(RefusalCode.Forbidden, () => Owners.AssignAsync(demoted, _room.Id, _zoe.UserId, default));
    }

    private static async Task RefusedAsync(RefusalCode code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(call)).Code);
}
