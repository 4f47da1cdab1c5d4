using System.Data.Common;
using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Rooms.Members;

/// <summary>A private room over two nodes, one database and one real Redis.</summary>
public sealed class RoomMembersTests : IAsyncLifetime
{
    private RedisServer _redis = default!;
    private TestDatabase _here = default!;
    private TestDatabase _there = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private RoomMembers Members => _here.Services.GetRequiredService<RoomMembers>();

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _here = await TestDatabase.CreateAsync(_redis.ConnectionString);
        _there = await _here.AddNodeAsync();
        _ada = await _here.AddPersonAsync("Ada");
        _zoe = await _here.AddPersonAsync("Zoe");
        _room = await _here.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Only_members_see_a_private_room()
    {
        Assert.Null(await _here.Rooms.FindAsync(_zoe, _room.Id, default));
        Assert.Empty(await _here.Rooms.ListVisibleAsync(_zoe, default));
        await RefusedAsync(RefusalCode.NotFound, () => _here.Rooms.JoinAsync(_zoe, _room.Id, default));
        await RefusedAsync(RefusalCode.NotFound, () => Members.ListAsync(_zoe, _room.Id, default));
        await RefusedAsync(RefusalCode.NotFound, () => Members.AddAsync(_zoe, _room.Id, _zoe.UserId, default));

        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);

        Assert.Equal(["Secret"], (await _here.Rooms.ListVisibleAsync(_zoe, default)).Select(room => room.Name));
        Assert.Equal(["Ada", "Zoe"], (await Members.ListAsync(_zoe, _room.Id, default)).Select(member => member.Name));
    }

    [Fact]
    public async Task Only_owners_and_admins_add_and_remove_people_and_only_admins_remove_owners()
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        var admin = await _here.AddPersonAsync("Root", isAdmin: true);
        await Members.AddAsync(_ada, _room.Id, admin.UserId, default);

        await RefusedAsync(RefusalCode.Forbidden, () => Members.RemoveAsync(_zoe, _room.Id, _ada.UserId, default));
        await RefusedAsync(RefusalCode.Forbidden, () => Members.FindPeopleAsync(_zoe, _room.Id, "A", default));
        await RefusedAsync(RefusalCode.Forbidden, () => Members.RemoveAsync(_ada, _room.Id, _ada.UserId, default));
        await RefusedAsync(RefusalCode.NotFound, () => Members.AddAsync(_ada, _room.Id, 999, default));
        await Members.RemoveAsync(admin, _room.Id, _ada.UserId, default);

        Assert.Null(await _here.Rooms.FindAsync(_ada, _room.Id, default));
    }

    [Fact]
    public async Task People_are_found_by_part_of_their_name_and_by_admins_also_by_their_whole_address()
    {
        await _here.AddPersonAsync("Zorro");
        await using (var db = await _here.OpenAsync())
            await db.Users.Where(user => user.DisplayName == "Zorro").ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        var admin = await _here.AddPersonAsync("Root", isAdmin: true);
        await Members.AddAsync(_ada, _room.Id, admin.UserId, default);

        Assert.Equal(["Zoe"], await FindAsync(_ada, "zo"));
        Assert.Equal(["Zoe"], await FindAsync(_ada, "OE"));
        Assert.Equal(["Zoe"], await FindAsync(admin, "Zoe@example.org"));
        Assert.Empty(await FindAsync(_ada, "zoe@example.org"));
        Assert.Empty(await FindAsync(admin, "zoe@"));
        Assert.Empty(await FindAsync(_ada, "%"));
        Assert.Empty(await FindAsync(_ada, " "));
        Assert.Empty(await FindAsync(_ada, "Ada"));

        async Task<IEnumerable<string>> FindAsync(ClaimsPrincipal person, string text) =>
            (await Members.FindPeopleAsync(person, _room.Id, text, default)).Select(found => found.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_follows_of_a_removed_member_end_on_every_node(bool isRedisThere)
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        await using var hers = Follow(_there, _zoe);
        await using var adas = Follow(_there, _ada);
        await SendAsync("before");
        await hers.WaitForAsync(1);
        if (!isRedisThere)
            await _redis.KillAsync();

        await Members.RemoveAsync(_ada, _room.Id, _zoe.UserId, default);
        var refused = await Assert.ThrowsAsync<RefusedException>(hers.EndedAsync);
        await SendAsync("after");
        await adas.WaitForAsync(2);

        Assert.Equal(RefusalCode.NotFound, refused.Code);
        Assert.Single(hers.Changes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_written_after_the_right_is_lost_is_not_received_also_before_the_event_of_the_loss(bool isMember)
    {
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        var (roomId, zoeId) = (_room.Id, _zoe.UserId);
        await using var db = await _here.OpenAsync();
        if (!isMember)
        {
            await db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(room => room.SetProperty(r => r.Kind, RoomKind.Open));
            await db.Memberships.Where(member => member.RoomId == roomId && member.UserId == zoeId).ExecuteDeleteAsync();
        }

        await using var hers = Follow(_there, _zoe);
        await using var adas = Follow(_there, _ada);
        await SendAsync("before");
        await hers.WaitForAsync(1);

        // The rows alone: the event is on its way.
        if (isMember)
            await db.Memberships.Where(member => member.RoomId == roomId && member.UserId == zoeId).ExecuteDeleteAsync();
        else
            await db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(room => room.SetProperty(r => r.Kind, RoomKind.Private));
        await SendAsync("after");
        var refused = await Assert.ThrowsAsync<RefusedException>(hers.EndedAsync);
        await adas.WaitForAsync(2);

        Assert.Equal(RefusalCode.NotFound, refused.Code);
        Assert.Single(hers.Changes);
    }

    [Fact]
    public async Task The_follows_of_a_removed_member_end_also_when_the_removing_page_is_closed()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The intercepted database is SQLite's.");
        await Members.AddAsync(_ada, _room.Id, _zoe.UserId, default);
        await using var hers = Follow(_there, _zoe);
        await SendAsync("before");
        await hers.WaitForAsync(1);
        using var page = new CancellationTokenSource();
        var members = ActivatorUtilities.CreateInstance<RoomMembers>(
            _here.Services, new InterceptedDatabase(_here.DataFolder, new CancelAfterDelete(page)));

        await Record.ExceptionAsync(() => members.RemoveAsync(_ada, _room.Id, _zoe.UserId, page.Token));

        Assert.True(page.IsCancellationRequested);
        await Assert.ThrowsAsync<RefusedException>(hers.EndedAsync);
    }

    [Fact]
    public async Task A_former_member_of_an_open_room_still_reads_it()
    {
        var open = await _here.Rooms.CreateAsync(_ada, "Open", default);
        await _here.Rooms.JoinAsync(_zoe, open.Id, default);
        await using var hers = new Follower<MessageChanged>(token => _there.Conversation.FollowAsync(_zoe, open.Id, 0, token));

        await _here.Owners.LeaveAsync(_zoe, open.Id, null, default);
        await _here.Conversation.SendAsync(_ada, open.Id, Guid.NewGuid(), "still", default);

        await hers.WaitForAsync(1);
    }

    private Follower<MessageChanged> Follow(TestDatabase node, ClaimsPrincipal person) =>
        new(token => node.Conversation.FollowAsync(person, _room.Id, 0, token));

    private Task<MessageView> SendAsync(string text) => _here.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default);

    private static async Task RefusedAsync(RefusalCode code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(call)).Code);

    private sealed class CancelAfterDelete(CancellationTokenSource page) : DbCommandInterceptor
    {
        public override async ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.StartsWith("DELETE", StringComparison.Ordinal))
                await page.CancelAsync();
            return result;
        }
    }
}
