using System.Security.Claims;
using System.Text.RegularExpressions;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Direct;

/// <summary>Direct rooms over two nodes, one database and one real Redis.</summary>
public sealed class DirectRoomsTests : IAsyncLifetime
{
    private RedisServer _redis = default!;
    private TestDatabase _here = default!;
    private TestDatabase _there = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private ClaimsPrincipal _kim = default!;

    private RoomMembers Members => _here.Services.GetRequiredService<RoomMembers>();

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _here = await TestDatabase.CreateAsync(_redis.ConnectionString);
        _there = await _here.AddNodeAsync();
        _ada = await _here.AddPersonAsync("Ada");
        _zoe = await _here.AddPersonAsync("Zoe");
        _kim = await _here.AddPersonAsync("Kim");
    }

    public async ValueTask DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_set_of_people_has_one_room_for_every_opener()
    {
        var two = await _here.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default);
        var three = await _here.DirectRooms.OpenAsync(_ada, [_zoe.UserId, _kim.UserId], default);

        Assert.True(two.IsNew);
        Assert.NotEqual(two.RoomId, three.RoomId);
        Assert.Equal(two with { IsNew = false }, await _there.DirectRooms.OpenAsync(_zoe, [_ada.UserId], default));
        Assert.Equal(two with { IsNew = false }, await _there.DirectRooms.OpenAsync(_zoe, [_zoe.UserId, _ada.UserId, _ada.UserId], default));
        Assert.Equal(three with { IsNew = false }, await _there.DirectRooms.OpenAsync(_kim, [_zoe.UserId, _ada.UserId], default));
        Assert.Equal(two.RoomId, await _here.DirectRooms.FindAsync(_zoe, [_ada.UserId], default));
        Assert.Null(await _here.DirectRooms.FindAsync(_kim, [_ada.UserId], default));
    }

    [Fact]
    public async Task Simultaneous_openings_on_two_nodes_return_one_room()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            i % 2 == 0
                ? _here.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default)
                : _there.DirectRooms.OpenAsync(_zoe, [_ada.UserId], default))));

        Assert.Single(opened.Select(room => room.RoomId).Distinct());
        Assert.Single(opened, room => room.IsNew);
        await using var db = await _here.OpenAsync();
        Assert.Equal(1, await db.Rooms.CountAsync());
        Assert.Equal(2, await db.Memberships.CountAsync());
    }

    [Fact]
    public async Task Each_person_sees_the_names_that_the_others_have_today()
    {
        var two = await OpenAsync(_ada, _zoe);
        var three = await OpenAsync(_kim, _zoe, _ada);
        await OpenAsync(_ada);

        Assert.Equal(["Kim, Zoe", "You", "Zoe"], await NamesAsync(_ada));
        Assert.Equal(["Ada", "Ada, Kim"], await NamesAsync(_zoe));
        Assert.Equal(_zoe.UserId, (await _here.Rooms.FindAsync(_ada, two, default))!.Person!.Id);
        Assert.Null((await _here.Rooms.FindAsync(_ada, three, default))!.Person);

        await using (var db = await _here.OpenAsync())
        {
            var zoe = await db.Users.SingleAsync(user => user.DisplayName == "Zoe");
            zoe.DisplayName = "Élodie";
            await db.SaveChangesAsync();
        }

        Assert.Equal(["You", "Élodie", "Élodie, Kim"], await NamesAsync(_ada));
        Assert.Equal("Élodie, Kim", (await _there.Rooms.FindAsync(_ada, three, default))!.Name);
        Assert.Equal("You", (await _there.Rooms.FindAsync(_ada, (await _there.DirectRooms.OpenAsync(_ada, [], default)).RoomId, default))!.Name);
    }

    [Fact]
    public async Task A_direct_room_is_listed_for_everyone_from_its_first_message_on()
    {
        await using var adas = await RecordAsync(_here, _ada);
        await using var zoes = await RecordAsync(_there, _zoe);
        var (roomId, _) = await _here.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default);
        Assert.Empty(await NamesAsync(_ada));
        Assert.Empty(await NamesAsync(_zoe));
        Assert.Empty(zoes.Received);

        var id = Guid.NewGuid();
        await _here.Conversation.SendAsync(_ada, roomId, id, "Hello", default);
        Assert.Equal(new MembershipChanged(roomId, _zoe.UserId, IsMember: true), await zoes.NextAsync());
        Assert.Equal(new MembershipChanged(roomId, _ada.UserId, IsMember: true), await adas.NextAsync());
        var listed = Assert.Single(await _there.Rooms.ListJoinedAsync(_zoe, default));
        Assert.Equal(("Ada", RoomKind.Direct, MembershipRole.Member, 1L), (listed.Name, listed.Kind, listed.Role, listed.Unread));

        // The node of the first send may have stopped before it published; a later message publishes nothing.
        await _there.Conversation.SendAsync(_ada, roomId, Guid.NewGuid(), "Again", default);
        await _there.Conversation.SendAsync(_ada, roomId, id, "Hello", default);
        Assert.Equal(roomId, (await zoes.NextAsync()).RoomId);
        await _there.Layer.PublishMembershipAsync(roomId: 999, _zoe.UserId, isMember: true);
        Assert.Equal(999, (await zoes.NextAsync()).RoomId);
    }

    [Fact]
    public async Task Nobody_changes_the_people_or_the_name_of_a_direct_room()
    {
        var root = await _here.AddPersonAsync("Root", isAdmin: true);
        var roomId = await OpenAsync(_ada, _zoe, root);

        foreach (var member in new[] { _ada, root })
        {
            var room = (await _here.Rooms.FindAsync(member, roomId, default))!;
            Assert.False(await _here.Rooms.MayManageAsync(member, room, default));
            Assert.False(await _here.Conversation.MayDeleteAllAsync(member, room, default));
            Assert.False(await _here.Owners.NeedsSuccessorAsync(member, roomId, default));
            foreach (var attempt in new Func<Task>[]
            {
                () => _here.RoomSettings.RenameAsync(member, roomId, "Mine", default),
                () => Members.AddAsync(member, roomId, _kim.UserId, default),
                () => Members.RemoveAsync(member, roomId, _zoe.UserId, default),
                () => Members.FindPeopleAsync(member, roomId, "Kim", default),
                () => _here.Owners.LeaveAsync(member, roomId, null, default),
                () => _here.Owners.LeaveAsync(member, roomId, _zoe.UserId, default),
                () => _here.Conversation.DeleteAsync(member, roomId, 1, default),
            }.SkipLast(member == _ada ? 1 : 0))
            {
                Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(attempt)).Code);
            }

            await _here.Rooms.JoinAsync(member, roomId, default);
        }

        await RefusedAsync(RefusalCode.Forbidden, () => _here.Conversation.DeleteAsync(_zoe, roomId, 1, default));
        await _here.Conversation.DeleteAsync(_ada, roomId, 1, default);
        Assert.Equal(["Ada", "Root", "Zoe"], (await Members.ListAsync(_zoe, roomId, default)).Select(member => member.Name));
        Assert.Equal("Root, Zoe", (await _here.Rooms.FindAsync(_ada, roomId, default))!.Name);
    }

    [Fact]
    public async Task An_admin_sees_no_direct_room_of_others()
    {
        var root = await _here.AddPersonAsync("Root", isAdmin: true);
        var roomId = await OpenAsync(_ada, _zoe);

        Assert.Null(await _here.Rooms.FindAsync(root, roomId, default));
        Assert.Empty(await _here.Owners.ListOwnerlessAsync(root, 0, default));
        Assert.Empty(await _here.Owners.FindCandidatesAsync(root, roomId, "", default));
        Assert.Equal(
            (await Assert.ThrowsAsync<RefusedException>(() => _here.Owners.AssignAsync(root, 999, root.UserId, default))).Message,
            (await Assert.ThrowsAsync<RefusedException>(() => _here.Owners.AssignAsync(root, roomId, root.UserId, default))).Message);
        await _here.Owners.LeaveAsync(root, roomId, null, default);
        foreach (var attempt in new Func<Task>[]
        {
            () => _here.Conversation.ReadLatestAsync(root, roomId, default),
            () => _here.Conversation.SendAsync(root, roomId, Guid.NewGuid(), "x", default),
            () => _here.Conversation.DeleteAsync(root, roomId, 1, default),
            () => _here.Conversation.TypingAsync(root, roomId, default),
            () => _here.Conversation.MarkReadAsync(root, roomId, 1, default),
            () => _here.RoomSettings.RenameAsync(root, roomId, "Mine", default),
            () => _here.Rooms.JoinAsync(root, roomId, default),
            () => Members.ListAsync(root, roomId, default),
            () => Members.AddAsync(root, roomId, root.UserId, default),
        })
        {
            await RefusedAsync(RefusalCode.NotFound, attempt);
        }
    }

    [Fact]
    public async Task The_list_of_rooms_has_no_direct_rooms()
    {
        var roomId = await OpenAsync(_ada, _zoe);
        await _here.Rooms.CreateAsync(_ada, "General", default);

        Assert.Equal(["General"], (await _here.Rooms.ListVisibleAsync(_ada, default)).Select(room => room.Name));
        Assert.Empty(await _here.Rooms.ListVisibleAsync(_ada, "Zoe", null, default));
        Assert.Null(await _here.Rooms.FindListedAsync(_ada, roomId, default));
    }

    [Fact]
    public async Task Lists_of_rooms_read_an_index_without_direct_rooms()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The plan is SQLite's.");
        var log = new CommandLog();
        using var visible = new VisibleRooms(new InterceptedDatabase(_here.DataFolder, log));
        await visible.StartAsync(default);
        await visible.ReadFirstPageAsync(_ada.UserId, default);
        await visible.StopAsync(default);

        var sql = log.Commands.First(command => command.Sql.Contains("LIMIT", StringComparison.Ordinal)).Sql;
        await using var db = await _here.OpenAsync();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The statement is the app's.
        command.CommandText = $"EXPLAIN QUERY PLAN {Regex.Replace(sql, @"@\w+", "1")}";
#pragma warning restore CA2100
        await using var plan = await command.ExecuteReaderAsync();
        Assert.True(await plan.ReadAsync());
        Assert.Contains("USING INDEX IX_Rooms_NormalizedName", plan.GetString(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_and_banned_people_and_too_many_are_refused()
    {
        var known = await OpenAsync(_ada, _zoe);
        await using (var db = await _here.OpenAsync())
            await db.Users.Where(user => user.DisplayName == "Zoe").ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        await RefusedAsync(RefusalCode.NotFound, () => _here.DirectRooms.OpenAsync(_kim, [_zoe.UserId], default));
        await RefusedAsync(RefusalCode.NotFound, () => _here.DirectRooms.OpenAsync(_ada, [_kim.UserId, 999], default));
        await RefusedAsync(RefusalCode.NotFound, () => _here.DirectRooms.OpenAsync(_zoe, [_kim.UserId], default));
        await RefusedAsync(RefusalCode.Invalid, () => _here.DirectRooms.OpenAsync(_ada, [.. Enumerable.Range(1, 21)], default));
        Assert.Null(await _here.DirectRooms.FindAsync(_ada, [.. Enumerable.Range(1, 1000)], default));

        // What was written stays, under the name of the banned person.
        Assert.Equal(known, (await _here.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default)).RoomId);
        Assert.Equal(["Zoe"], await NamesAsync(_ada));
    }

    [Fact]
    public async Task A_group_has_up_to_twenty_people()
    {
        var others = new List<int>();
        for (var i = 0; i < DirectRooms.MaxPeople - 1; i++)
            others.Add((await _here.AddPersonAsync($"Person {i:00}")).UserId);

        var (roomId, isNew) = await _here.DirectRooms.OpenAsync(_ada, others, default);

        Assert.True(isNew);
        Assert.Equal(DirectRooms.MaxPeople, (await Members.ListAsync(_ada, roomId, default)).Count);
        await RefusedAsync(RefusalCode.Invalid, () => _here.DirectRooms.OpenAsync(_ada, [.. others, _zoe.UserId], default));
    }

    [Fact]
    public async Task Bots_open_direct_rooms_and_are_in_them()
    {
        ChatUser bot;
        await using (var db = await _here.OpenAsync())
        {
            bot = new ChatUser { UserName = "bot", NormalizedUserName = "BOT", DisplayName = "Deployer", IsBot = true };
            db.Add(bot);
            await db.SaveChangesAsync();
        }

        var program = TestDatabase.SignIn(bot.Id, "Deployer");
        var opened = await _here.DirectRooms.OpenAsync(program, [_ada.UserId], default);
        await _here.Conversation.SendAsync(program, opened.RoomId, Guid.NewGuid(), "Deployed", default);

        Assert.Equal(["Deployer"], await NamesAsync(_ada));
        Assert.Equal(opened with { IsNew = false }, await _here.DirectRooms.OpenAsync(_ada, [bot.Id], default));
    }

    [Fact]
    public async Task People_are_found_by_part_of_their_name_and_not_by_their_address()
    {
        await using (var db = await _here.OpenAsync())
            await db.Users.Where(user => user.DisplayName == "Kim").ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        Assert.Equal(["Zoe"], (await Members.FindPeopleAsync(_ada, "OE", default)).Select(person => person.Name));
        foreach (var text in new[] { "", " ", "zoe@example.org", "Kim", "%" })
            Assert.Empty(await Members.FindPeopleAsync(_ada, text, default));
        Assert.Equal("Zoe", (await Members.FindPersonAsync(_ada, _zoe.UserId, default))?.Name);
        Assert.Null(await Members.FindPersonAsync(_ada, _kim.UserId, default));
        Assert.Null(await Members.FindPersonAsync(_ada, 999, default));

        await RefusedAsync(RefusalCode.RateLimited, async () =>
        {
            for (var i = 0; i < 40; i++)
                await Members.FindPersonAsync(_ada, i, default);
        });
    }

    /// <summary>Opens a direct room and writes its first message.</summary>
    private async Task<int> OpenAsync(ClaimsPrincipal person, params ClaimsPrincipal[] others)
    {
        var (roomId, _) = await _here.DirectRooms.OpenAsync(person, [.. others.Select(other => other.UserId)], default);
        await _here.Conversation.SendAsync(person, roomId, Guid.NewGuid(), "Hello", default);
        return roomId;
    }

    private async Task<IEnumerable<string>> NamesAsync(ClaimsPrincipal person) =>
        (await _there.Rooms.ListJoinedAsync(person, default)).Select(room => room.Name);

    private static async Task<MembershipRecorder> RecordAsync(TestDatabase node, ClaimsPrincipal person)
    {
        var recorder = new MembershipRecorder(person.UserId);
        await node.Services.GetRequiredService<NodeConnector>().ConnectAsync(recorder);
        return recorder;
    }

    private static async Task RefusedAsync(RefusalCode code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(call)).Code);

    /// <summary>Records which rooms appear in the lists of a person.</summary>
    private sealed class MembershipRecorder(int userId) : Consumer, IHandle<MembershipChanged>
    {
        private readonly System.Threading.Channels.Channel<MembershipChanged> _received =
            System.Threading.Channels.Channel.CreateUnbounded<MembershipChanged>();

        /// <summary>The events that <see cref="NextAsync"/> has not returned.</summary>
        public IReadOnlyList<MembershipChanged> Received
        {
            get
            {
                var received = new List<MembershipChanged>();
                while (_received.Reader.TryRead(out var next))
                    received.Add(next);
                return received;
            }
        }

        protected override IEnumerable<string> Groups => [RoomGroups.User(userId)];

        public Task<MembershipChanged> NextAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);

        public ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) =>
            _received.Writer.WriteAsync(message, cancellationToken);
    }
}
