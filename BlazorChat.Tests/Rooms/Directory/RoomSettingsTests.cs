using System.Security.Claims;
using System.Threading.Channels;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Directory;

/// <summary>The settings of rooms over two nodes, one database and one real Redis.</summary>
public sealed class RoomSettingsTests : IAsyncLifetime
{
    private RedisServer _redis = default!;
    private TestDatabase _here = default!;
    private TestDatabase _there = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private ClaimsPrincipal _max = default!;
    private RoomView _room = default!;

    private RoomSettings Settings => _here.RoomSettings;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _here = await TestDatabase.CreateAsync(_redis.ConnectionString);
        _there = await _here.AddNodeAsync();
        _ada = await _here.AddPersonAsync("Ada");
        _zoe = await _here.AddPersonAsync("Zoe");
        _max = await _here.AddPersonAsync("Max");
        _room = await _here.Rooms.CreateAsync(_ada, "Launch", default);
        await _here.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Owners_and_admins_change_the_settings_and_others_do_not()
    {
        var admin = await _here.AddPersonAsync("Root", isAdmin: true);

        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Topic: " Lift-off \u3164at\u202E noon "), default);
        await Settings.ChangeAsync(admin, _room.Id, new RoomEdit(Description: "All about\r\nthe launch"), default);
        foreach (var person in new[] { _zoe, _max })
        {
            foreach (var edit in new[] { new RoomEdit("Mine"), new RoomEdit(Topic: "x"), new RoomEdit(Description: "x"), new RoomEdit(Kind: RoomKind.Private) })
                await RefusedAsync(RefusalCode.Forbidden, () => Settings.ChangeAsync(person, _room.Id, edit, default));
        }

        var room = (await _there.Rooms.FindAsync(_max, _room.Id, default))!;
        Assert.Equal(("Launch", "Lift-off at noon", "All about\nthe launch", RoomKind.Open, 2), (room.Name, room.Topic, room.Description, room.Kind, room.Version));
    }

    [Fact]
    public async Task An_admin_changes_no_private_room_that_they_are_not_in()
    {
        var admin = await _here.AddPersonAsync("Root", isAdmin: true);
        var secret = await _here.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);

        await RefusedAsync(RefusalCode.NotFound, () => Settings.ChangeAsync(admin, secret.Id, new RoomEdit(Topic: "x"), default));
        await RefusedAsync(RefusalCode.NotFound, () => Settings.ChangeAsync(admin, secret.Id, new RoomEdit(Kind: RoomKind.Open), default));
    }

    [Fact]
    public async Task Texts_have_a_length_and_a_topic_is_one_line()
    {
        foreach (var edit in new[]
        {
            new RoomEdit(Topic: new string('x', 251)),
            new RoomEdit(Topic: "two\nlines"),
            new RoomEdit(Topic: "half \ud800"),
            new RoomEdit(Description: new string('x', 1001)),
            new RoomEdit(Description: "nul\0"),
            new RoomEdit(Name: " "),
            new RoomEdit(Kind: (RoomKind)9),
        })
        {
            await RefusedAsync(RefusalCode.Invalid, () => Settings.ChangeAsync(_ada, _room.Id, edit, default));
        }

        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Topic: new string('한', 250), Description: new string('한', 1000)), default);
        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Topic: ""), default);
        var room = (await _here.Rooms.FindAsync(_ada, _room.Id, default))!;
        Assert.Equal(("", 1000), (room.Topic, room.Description!.Length));
    }

    [Fact]
    public async Task Simultaneous_changes_of_different_settings_are_all_kept()
    {
        await Task.WhenAll(
            Task.Run(() => Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Name: "Lift-off"), default)),
            Task.Run(() => Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Topic: "Noon"), default)),
            Task.Run(() => _there.RoomSettings.ChangeAsync(_ada, _room.Id, new RoomEdit(Description: "All of it"), default)));

        var room = (await _here.Rooms.FindAsync(_ada, _room.Id, default))!;
        Assert.Equal(("Lift-off", "Noon", "All of it", 3), (room.Name, room.Topic, room.Description, room.Version));
    }

    [Fact]
    public async Task A_change_is_published_to_everybody_for_an_open_room_and_to_members_for_a_private_one()
    {
        await using var all = new RoomEventRecorder(RoomGroups.All);
        await using var zoes = new RoomEventRecorder(RoomGroups.User(_zoe.UserId));
        await using var maxs = new RoomEventRecorder(RoomGroups.User(_max.UserId));
        foreach (var recorder in new[] { all, zoes, maxs })
            await recorder.ConnectAsync(_there);

        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Topic: "Public"), default);
        Assert.Equal(("Public", 1), await all.NextAsync() is RoomChanged open ? (open.Topic, open.Version) : default);

        // The new name is for members only, also when it comes with the change to private.
        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Name: "Secret", Topic: "Plans", Kind: RoomKind.Private), default);
        Assert.Equal(("Secret", "Plans", RoomKind.Private), await zoes.NextAsync() is RoomChanged hers ? (hers.Name, hers.Topic, hers.Kind) : default);
        Assert.Equal(new RoomHidden(_room.Id, 2), await all.NextAsync());

        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Topic: "More plans"), default);
        Assert.Equal("More plans", Assert.IsType<RoomChanged>(await zoes.NextAsync()).Topic);
        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: RoomKind.Open), default);
        Assert.Equal(("Secret", RoomKind.Open, 4), await all.NextAsync() is RoomChanged again ? (again.Name, again.Kind, again.Version) : default);

        // Nothing came to Max but this.
        await _there.Layer.PublishAsync(RoomGroups.User(_max.UserId), new RoomRead(1, 1));
        Assert.IsType<RoomRead>(await maxs.NextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_follows_of_people_who_are_not_members_end_on_every_node_when_a_room_becomes_private(bool isRedisThere)
    {
        await using var guest = new Follower<MessageChanged>(token => _there.Conversation.FollowAsync(_max, _room.Id, 0, token));
        await using var member = new Follower<MessageChanged>(token => _there.Conversation.FollowAsync(_zoe, _room.Id, 0, token));
        await SendAsync("before");
        await guest.WaitForAsync(1);
        if (!isRedisThere)
            await _redis.KillAsync();

        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: RoomKind.Private), default);
        var refused = await Assert.ThrowsAsync<RefusedException>(guest.EndedAsync);
        await SendAsync("after");
        await member.WaitForAsync(2);

        Assert.Equal(RefusalCode.NotFound, refused.Code);
        Assert.Single(guest.Changes);
        Assert.Null(await _there.Rooms.FindAsync(_max, _room.Id, default));
        Assert.Empty(await _there.Rooms.ListVisibleAsync(_max, default));
        await RefusedAsync(RefusalCode.NotFound, () => _there.Conversation.ReadLatestAsync(_max, _room.Id, default));
        await RefusedAsync(RefusalCode.NotFound, () => _here.Rooms.JoinAsync(_max, _room.Id, default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_rights_is_published_before_anything_else(bool isDeleted)
    {
        var secret = await _here.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);
        await using var recorder = new OrderRecorder(_ada.UserId, _room.Id);
        await _here.Services.GetRequiredService<NodeConnector>().ConnectAsync(recorder);

        if (isDeleted)
            await _here.RoomLifecycle.DeleteAsync(_ada, secret.Id, default);
        else
            await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Name: "Layoffs", Kind: RoomKind.Private), default);

        Assert.Equal(new RoomAccessChanged(isDeleted ? secret.Id : _room.Id), await recorder.NextAsync());
    }

    [Fact]
    public async Task A_private_room_whose_name_is_taken_does_not_become_open()
    {
        var secret = await _here.Rooms.CreateAsync(_ada, "Lаunch", RoomKind.Private, default);

        var refused = await RefusedAsync(RefusalCode.Conflict, () => Settings.ChangeAsync(_ada, secret.Id, new RoomEdit(Kind: RoomKind.Open), default));
        Assert.Contains("already a room", refused.Message, StringComparison.Ordinal);
        Assert.Equal(RoomKind.Private, (await _here.Rooms.FindAsync(_ada, secret.Id, default))!.Kind);

        await Settings.ChangeAsync(_ada, secret.Id, new RoomEdit(Name: "Landing", Kind: RoomKind.Open), default);
        Assert.Equal("Landing", (await _here.Rooms.FindAsync(_max, secret.Id, default))!.Name);
    }

    [Fact]
    public async Task Of_two_rooms_with_one_name_that_become_open_at_once_one_is_refused()
    {
        var rooms = new List<RoomView>();
        for (var i = 0; i < 6; i++)
            rooms.Add(await _here.Rooms.CreateAsync(_ada, "Landing", RoomKind.Private, default));

        var results = await Task.WhenAll(rooms.Select((room, i) => Task.Run(() => Record.ExceptionAsync(
            () => (i % 2 == 0 ? _here : _there).RoomSettings.ChangeAsync(_ada, room.Id, new RoomEdit(Kind: RoomKind.Open), default)).AsTask())));

        Assert.Single(results, result => result is null);
        Assert.All(results.OfType<Exception>(), refused => Assert.Equal(RefusalCode.Conflict, Assert.IsType<RefusedException>(refused).Code));
    }

    [Fact]
    public async Task A_default_room_stays_open()
    {
        await using (var db = await _here.OpenAsync())
            await db.Rooms.ExecuteUpdateAsync(room => room.SetProperty(r => r.IsDefault, true));

        var refused = await RefusedAsync(RefusalCode.Conflict, () => Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: RoomKind.Private), default));
        await RefusedAsync(RefusalCode.Conflict, () => _here.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default));
        await RefusedAsync(RefusalCode.Conflict, () => _here.RoomLifecycle.DeleteAsync(_ada, _room.Id, default));

        Assert.Contains("join this room automatically", refused.Message, StringComparison.Ordinal);
        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Topic: "Welcome"), default);
        Assert.Equal((RoomKind.Open, "Welcome"), await _here.Rooms.FindAsync(_max, _room.Id, default) is { } room ? (room.Kind, room.Topic) : default);
    }

    [Fact]
    public async Task A_person_is_not_added_to_a_room_that_became_private_meanwhile()
    {
        // The page of Max shows the room as open.
        await Settings.ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: RoomKind.Private), default);

        await RefusedAsync(RefusalCode.NotFound, () => _here.Rooms.AddMemberAsync(_room.Id, _max.UserId, isInvited: false, RoomTexts.Get("MemberRoomsFull"), default));
        await _here.Services.GetRequiredService<RoomMembers>().AddAsync(_ada, _room.Id, _max.UserId, default);

        Assert.True((await _here.Rooms.FindAsync(_max, _room.Id, default))!.IsMember);
    }

    private Task<MessageView> SendAsync(string text) => _here.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default);

    private static async Task<RefusedException> RefusedAsync(RefusalCode code, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(call);
        Assert.Equal(code, refused.Code);
        return refused;
    }

    /// <summary>Records the events of rights, of a member and of the sockets of a room in their order.</summary>
    private sealed class OrderRecorder(int memberId, int roomId) : Consumer, IHandle<RoomAccessChanged>, IHandle<RoomChanged>
    {
        private readonly Channel<object> _received = System.Threading.Channels.Channel.CreateUnbounded<object>();

        protected override IEnumerable<string> Groups => [RoomGroups.Access, RoomGroups.User(memberId), RoomGroups.Settings(roomId)];

        public ValueTask HandleAsync(RoomAccessChanged message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

        public ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

        public Task<object> NextAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);
    }
}
