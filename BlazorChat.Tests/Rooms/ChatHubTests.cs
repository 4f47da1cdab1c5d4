using System.Net;
using BlazorChat.Channels;
using BlazorChat.Data;
using BlazorChat.Rooms;
using BlazorChat.Tests.Support;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms;

/// <summary>The hub on real nodes that share a Redis, as docs/protocol.md describes it.</summary>
public sealed class ChatHubTests : IAsyncLifetime
{
    private RedisServer _redis = default!;
    private NodeProcess _one = default!;
    private NodeProcess? _second;
    private FormClient _ada = default!;
    private FormClient _zoe = default!;
    private string _key = default!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _one = await NodeProcess.StartAsync(null, $"ConnectionStrings:Redis={_redis.ConnectionString}");
        _ada = new FormClient(_one.Address);
        _zoe = new FormClient(_one.Address);
        using var joined = await _zoe.JoinAsync(await _ada.SetUpAsync(), "Zoe");
        _key = await _ada.MakeBotAsync("Deployer");
    }

    public async ValueTask DisposeAsync()
    {
        _ada.Dispose();
        _zoe.Dispose();
        if (_second is not null)
            await _second.DisposeAsync();
        await _one.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task What_a_bot_says_reaches_who_follows_on_the_other_node()
    {
        var two = await StartSecondAsync();
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var zoe = await HubPeer.ConnectAsync(two.Address, _zoe.Cookies);
        await using var room = zoe.Follow(1, 0);
        var id = Guid.NewGuid();

        var receipt = await bot.SendAsync(1, "Deployed **v2**", id);
        var change = await room.NextAsync();

        Assert.Equal(new ChatReceipt(1, 1), receipt);
        Assert.Equal((ChatChange.Created, 1, 1L, 1L, id), (change.Type, change.RoomId, change.Sequence, change.Revision, change.ClientMessageId));
        Assert.Equal(("Deployer", "Deployed **v2**"), (change.AuthorName, change.Message));
        Assert.Contains("<strong>v2</strong>", change.Html, StringComparison.Ordinal);
        Assert.Equal(receipt, await bot.SendAsync(1, "Deployed **v2**", id));
    }

    [Fact]
    public async Task A_follow_from_now_on_tells_nothing_of_before()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);
        await bot.SendAsync(1, "before");
        await using var room = bot.Follow(1, null);

        // When it has begun cannot be seen from outside, so something is said until it has.
        var next = room.NextAsync();
        while (!next.IsCompleted)
        {
            await bot.SendAsync(1, "after");
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        Assert.Equal("after", (await next).Message);
    }

    [Fact]
    public async Task A_message_is_edited_deleted_and_read()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var room = bot.Follow(1, 0);
        await using var socket = await SocketClient.ConnectAsync(_one.Address, "ws/chat/1/chat/", _zoe.Cookies);

        // Each is awaited: a change that a later one has overtaken is told no more.
        var sent = await bot.SendAsync(1, "Deploying");
        var created = await room.NextAsync();
        Assert.Equal(new ChatReceipt(1, 2), await bot.EditAsync(1, sent.Sequence, "Deployed"));
        var updated = await room.NextAsync();
        Assert.Equal(new ChatReceipt(1, 3), await bot.DeleteAsync(1, sent.Sequence));
        await bot.TypingAsync(1);

        ChatChange[] changes = [created, updated, await room.NextAsync()];
        Assert.Equal([ChatChange.Created, ChatChange.Updated, ChatChange.Deleted], changes.Select(change => change.Type));
        Assert.Equal(["Deploying", "Deployed", ""], changes.Select(change => change.Message));
        Assert.Equal([false, true, true], changes.Select(change => change.EditedAt is not null));
        Assert.Equal("Deployer", (await socket.ReceiveJsonAsync("chat.typing")).GetProperty("name").GetString());

        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        Assert.Equal(1, Assert.Single(await zoe.RoomsAsync()).Unread);
        await zoe.MarkReadAsync(1, 1);
        Assert.Equal(0, Assert.Single(await zoe.RoomsAsync()).Unread);
    }

    [Fact]
    public async Task A_program_goes_on_from_its_revision_when_its_node_is_killed()
    {
        var two = await StartSecondAsync();
        await using var writer = await HubPeer.ConnectAsync(two.Address, _key);
        await using var reader = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var room = reader.Follow(1, 0);
        for (var i = 1; i <= 20; i++)
            await writer.SendAsync(1, $"{i}");
        var before = await room.NextAsync(20);

        await _one.KillAsync();
        await reader.ClosedAsync();
        for (var i = 21; i <= 40; i++)
            await writer.SendAsync(1, $"{i}");
        await using var again = await HubPeer.ConnectAsync(two.Address, _key);
        await using var rest = again.Follow(1, before[^1].Revision);
        var after = await rest.NextAsync(20);

        Assert.Equal(Enumerable.Range(1, 40).Select(i => ((long)i, $"{i}")), before.Concat(after).Select(change => (change.Revision, change.Message)));
    }

    [Fact]
    public async Task Redis_killed_and_started_again_loses_and_doubles_nothing_for_a_follower()
    {
        var two = await StartSecondAsync();
        await using var writer = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var reader = await HubPeer.ConnectAsync(two.Address, _zoe.Cookies);
        await using var room = reader.Follow(1, 0);

        for (var i = 1; i <= 40; i++)
        {
            if (i == 10)
                await _redis.KillAsync();
            if (i == 30)
                await _redis.StartAgainAsync();
            await writer.SendAsync(1, $"{i}");
        }

        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"{i}"), (await room.NextAsync(40)).Select(change => change.Message));
    }

    [Fact]
    public async Task What_is_refused_says_why_in_one_shape_and_the_connection_stays()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        await zoe.SendAsync(1, "mine");

        Assert.Equal(("invalid", "Write something first."), await HubPeer.RefusedAsync(() => bot.SendAsync(1, " ")));
        Assert.Equal("invalid", (await HubPeer.RefusedAsync(() => bot.SendAsync(1, new string('x', 8001)))).Code);
        Assert.Equal(("not_found", "There is no such room."), await HubPeer.RefusedAsync(() => bot.SendAsync(999, "x")));
        Assert.Equal(("forbidden", "Only its author can edit a message."), await HubPeer.RefusedAsync(() => bot.EditAsync(1, 1, "x")));
        Assert.Equal("forbidden", (await HubPeer.RefusedAsync(() => bot.DeleteAsync(1, 1))).Code);
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => bot.MarkReadAsync(999, 1))).Code);
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => bot.TypingAsync(999))).Code);
        await using (var nowhere = bot.Follow(999, 0))
            Assert.Equal(("not_found", "There is no such room."), await HubPeer.RefusedAsync(nowhere.NextAsync));
        await using (var fromNow = bot.Follow(999, null))
            Assert.Equal("not_found", (await HubPeer.RefusedAsync(fromNow.NextAsync)).Code);

        await bot.SendAsync(1, "fine");
        Assert.DoesNotContain("fail:", _one.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_there_are_not_tell_nothing_of_the_server()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);

        var unknown = await Assert.ThrowsAsync<HubException>(() => bot.InvokeAsync<object>("Shout", 1));
        var wrong = await Assert.ThrowsAsync<HubException>(() => bot.InvokeAsync<object>("Send", "one", "two", 3));

        foreach (var message in new[] { unknown.Message, wrong.Message })
        {
            Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
            Assert.DoesNotContain("BlazorChat", message, StringComparison.Ordinal);
        }

        await bot.SendAsync(1, "fine");
        Assert.DoesNotContain("fail:", _one.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_message_fits_escaped_and_a_longer_frame_closes()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var room = bot.Follow(1, 0);
        var longest = new string('한', 8000);

        await bot.SendAsync(1, longest);
        Assert.Equal(longest, (await room.NextAsync()).Message);

        var tooLong = bot.SendAsync(1, new string('x', 70_000));
        Assert.NotNull(await bot.ClosedAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => tooLong);
        await using var again = await HubPeer.ConnectAsync(_one.Address, _key);
        await again.SendAsync(1, "fine");
        Assert.DoesNotContain("fail:", _one.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_is_slowed_down()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);

        var sends = Enumerable.Range(0, 200).Select(i => bot.SendAsync(1, $"{i}")).ToArray();
        await Task.WhenAny(Task.WhenAll(sends), Task.Delay(TimeSpan.FromSeconds(15)));

        var refused = Assert.Single(sends.Where(send => send.IsFaulted).DistinctBy(send => send.Exception!.InnerException!.Message));
        Assert.Equal("rate_limited", (await HubPeer.RefusedAsync(() => refused)).Code);
        Assert.InRange(sends.Count(send => send.IsCompletedSuccessfully), 50, 150);
    }

    [Fact]
    public async Task What_is_sent_without_waiting_keeps_its_order()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var room = bot.Follow(1, 0);

        await Task.WhenAll(Enumerable.Range(1, 40).Select(i => bot.SendAsync(1, $"{i}")));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"{i}"), (await room.NextAsync(40)).Select(change => change.Message));
    }

    [Fact]
    public async Task One_connection_follows_so_many_rooms_at_most_and_gets_a_place_back()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _key);
        await bot.SendAsync(1, "hello");
        var follows = Enumerable.Range(0, 32).Select(_ => bot.Follow(1, 0)).ToArray();
        foreach (var follow in follows)
            await follow.NextAsync();

        await using (var tooMany = bot.Follow(1, 0))
            Assert.Equal("too_many", (await HubPeer.RefusedAsync(tooMany.NextAsync)).Code);
        await follows[0].StopAsync();
        await using var again = bot.Follow(1, 0);
        Assert.Equal("hello", (await again.NextAsync()).Message);

        foreach (var follow in follows)
            await follow.DisposeAsync();
    }

    [Fact]
    public async Task Who_may_not_come_in_gets_a_status()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await HubPeer.StatusAsync(_one.Address));
        Assert.Equal(HttpStatusCode.Unauthorized, await HubPeer.StatusAsync(_one.Address, key: "bc_wrong"));
        Assert.Equal(HttpStatusCode.OK, await HubPeer.StatusAsync(_one.Address, key: _key));
        Assert.Equal(HttpStatusCode.OK, await HubPeer.StatusAsync(_one.Address, query: $"?access_token={_key}"));
        Assert.Equal(HttpStatusCode.OK, await HubPeer.StatusAsync(_one.Address, cookies: _zoe.Cookies));
        Assert.Equal(HttpStatusCode.OK, await HubPeer.StatusAsync(_one.Address, cookies: _zoe.Cookies, origin: _one.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.Forbidden, await HubPeer.StatusAsync(_one.Address, cookies: _zoe.Cookies, origin: "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(_one.Address, "hubs/chat", _zoe.Cookies, "http://evil.example"));
    }

    [Fact]
    public async Task An_address_opens_so_many_connections_a_minute()
    {
        await using var node = await NodeProcess.StartAsync(_one.DataFolder, "Channels:ConnectionsPerMinute=60");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 70; i++)
            statuses.Add(await HubPeer.StatusAsync(node.Address, key: _key));

        Assert.Equal(HttpStatusCode.OK, statuses[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task A_revoked_key_ends_what_it_opened_on_every_node()
    {
        var two = await StartSecondAsync();
        await using var here = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var there = await HubPeer.ConnectAsync(two.Address, _key);
        await using var zoe = await HubPeer.ConnectAsync(two.Address, _zoe.Cookies);
        await using var room = there.Follow(1, 0);

        await RevokeAsync(1);

        Assert.Equal("The sign-in has ended.", await here.SignInEndedAsync());
        Assert.Equal("The sign-in has ended.", await there.SignInEndedAsync());
        await here.ClosedAsync();
        await there.ClosedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await HubPeer.StatusAsync(two.Address, key: _key));
        await zoe.SendAsync(1, "still here");
    }

    [Fact]
    public async Task Without_Redis_a_revoked_key_and_an_ended_session_end_on_the_other_node_too()
    {
        var two = await StartSecondAsync();
        await using var bot = await HubPeer.ConnectAsync(two.Address, _key);
        await using var zoe = await HubPeer.ConnectAsync(two.Address, _zoe.Cookies);
        await _redis.KillAsync();

        await RevokeAsync(1);
        await _zoe.SignOutAsync();

        await bot.SignInEndedAsync();
        await zoe.SignInEndedAsync();
        await bot.ClosedAsync();
        await zoe.ClosedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await HubPeer.StatusAsync(two.Address, key: _key));
    }

    [Fact]
    public async Task A_bot_is_where_it_was_brought_and_no_longer_where_it_was_taken_out()
    {
        var roomId = await AddPrivateRoomAsync();
        var key = await _ada.MakeBotAsync("Guard", ("Rooms", $"{roomId}"));
        await using var guard = await HubPeer.ConnectAsync(_one.Address, key);
        await using var other = await HubPeer.ConnectAsync(_one.Address, _key);
        await using var ops = guard.Follow(roomId, 0);
        await guard.SendAsync(roomId, "on watch");
        await ops.NextAsync();

        Assert.Equal([(1, "General", false), (roomId, "Ops", true)], (await guard.RoomsAsync()).Select(room => (room.Id, room.Name, room.IsPrivate)));
        Assert.Equal([1], (await other.RoomsAsync()).Select(room => room.Id));
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => other.SendAsync(roomId, "x"))).Code);

        // As RoomMembers does for the owner, on another node: the row, then those who are told.
        await using (var place = new DirectDatabase(_one.DataFolder))
            await place.Db.Memberships.Where(member => member.RoomId == roomId && member.UserId != 1).ExecuteDeleteAsync();
        await using var node = await TestNode.StartAsync(
            _redis.ConnectionString, "blazorchat", configure: services => services.AddEvents(RoomEventsJson.Default));
        await node.Layer.PublishAsync(RoomGroups.Access, new RoomAccessChanged(roomId));
        await node.Layer.PublishAsync(RoomGroups.User(4), new MembershipChanged(roomId, 4, false));

        Assert.Equal((roomId, false), await guard.MembershipChangedAsync());
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(ops.NextAsync)).Code);
    }

    private async Task<int> AddPrivateRoomAsync()
    {
        await using var place = new DirectDatabase(_one.DataFolder);
        var room = new Room { Name = "Ops", NormalizedName = Room.Normalize("Ops"), Kind = RoomKind.Private };
        place.Db.Add(room);
        place.Db.Add(new Membership { Room = room, UserId = 1, Role = MembershipRole.Owner });
        await place.Db.SaveChangesAsync();
        return room.Id;
    }

    private async Task RevokeAsync(int keyId)
    {
        using var revoked = await _ada.SubmitAsync("account/bots", "bots", ("Revoke", $"{keyId}"));
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
    }
    private async Task<NodeProcess> StartSecondAsync() =>
        _second = await NodeProcess.StartAsync(_one.DataFolder, $"ConnectionStrings:Redis={_redis.ConnectionString}");
}
