using System.Net;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Api;
using BlazorChat.Rooms.Api.Hub;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Api.Hub;

/// <summary>The hub on nodes that share Redis, as docs/protocol.md describes it.</summary>
public sealed class ChatHubTests(TwoNodeSite site) : IClassFixture<TwoNodeSite>, IAsyncLifetime
{
    private readonly Node _one = site.Node;
    private readonly Node _two = site.Second;
    private readonly int _logged = site.Node.Log.Length;
    private Member _zoe = default!;
    private Room _room = default!;
    private BotAccount _bot = default!;

    public async ValueTask InitializeAsync()
    {
        _zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(site.Ada, _zoe);
        _bot = await site.AddBotAsync("Deployer", _room);
    }

    public ValueTask DisposeAsync()
    {
        _zoe.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Followers_on_the_other_node_receive_the_messages_of_a_bot()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_two.Address, _zoe.Cookies);
        await using var room = zoe.Follow(_room.Id, 0);
        var id = Guid.NewGuid();

        var receipt = await bot.SendAsync(_room.Id, "Deployed **v2**", id);
        var change = await room.NextAsync();

        Assert.Equal(new ChatReceipt(_room.Id, 1, 1, id), receipt);
        Assert.Equal((ChatMessage.Created, _room.Id, 1L, 1L, id), (change.Type, change.RoomId, change.Sequence, change.Revision, change.ClientMessageId));
        Assert.Equal(("Deployer", "Deployed **v2**"), (change.AuthorName, change.Message));
        Assert.Contains("<strong>v2</strong>", change.Html, StringComparison.Ordinal);
        Assert.Equal(receipt, await bot.SendAsync(_room.Id, "Deployed **v2**", id));
    }

    [Fact]
    public async Task A_follow_without_a_revision_has_no_earlier_messages()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await bot.SendAsync(_room.Id, "before");
        await using var room = bot.Follow(_room.Id, null);

        // The start of the follow is not visible from outside, so messages are sent until one arrives.
        var next = room.NextAsync();
        while (!next.IsCompleted)
        {
            await bot.SendAsync(_room.Id, "after");
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        Assert.Equal("after", (await next).Message);
    }

    [Fact]
    public async Task A_message_is_edited_deleted_and_read()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var room = bot.Follow(_room.Id, 0);
        await using var socket = await SocketClient.ConnectAsync(_one.Address, $"ws/chat/{_room.Id}/chat/", _zoe.Cookies);

        // Each change is awaited, since a later change to the same message replaces it.
        var sent = await bot.SendAsync(_room.Id, "Deploying");
        var created = await room.NextAsync();
        Assert.Equal(sent with { Revision = 2 }, await bot.EditAsync(_room.Id, sent.Sequence, "Deployed"));
        var updated = await room.NextAsync();
        Assert.Equal(sent with { Revision = 3 }, await bot.DeleteAsync(_room.Id, sent.Sequence));
        await bot.TypingAsync(_room.Id);

        ChatMessage[] changes = [created, updated, await room.NextAsync()];
        Assert.Equal([ChatMessage.Created, ChatMessage.Updated, ChatMessage.Deleted], changes.Select(change => change.Type));
        Assert.Equal(["Deploying", "Deployed", ""], changes.Select(change => change.Message));
        Assert.Equal([false, true, true], changes.Select(change => change.EditedAt is not null));
        Assert.Equal("Deployer", (await socket.ReceiveJsonAsync("chat.typing")).GetProperty("name").GetString());

        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        Assert.Equal(1, (await RoomAsync(zoe)).Unread);
        await zoe.MarkReadAsync(_room.Id, 1);
        Assert.Equal(0, (await RoomAsync(zoe)).Unread);
    }

    [Fact]
    public async Task A_direct_room_is_opened_and_reaches_the_other_node_with_its_first_message()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_two.Address, _zoe.Cookies);

        var roomId = await bot.OpenDirectAsync(_zoe.Id);
        Assert.Equal(roomId, await zoe.OpenDirectAsync(_bot.Id));
        Assert.DoesNotContain(await zoe.RoomsAsync(), room => room.Id == roomId);
        await bot.SendAsync(roomId, "Deployed");

        Assert.Equal((roomId, true), await zoe.MembershipChangedAsync());
        var room = Assert.Single(await zoe.RoomsAsync(), room => room.Id == roomId);
        Assert.Equal(("Deployer", ChatRoom.Direct, true, 1L), (room.Name, room.Kind, room.IsPrivate, room.Unread));
        Assert.Equal(ChatRoom.Open, Assert.Single(await zoe.RoomsAsync(), other => other.Id == _room.Id).Kind);
        await using var follow = zoe.Follow(roomId, 0);
        Assert.Equal("Deployed", (await follow.NextAsync()).Message);
        await using var ada = await HubPeer.ConnectAsync(_one.Address, site.Ada.Cookies);
        Assert.Equal(("not_found", "There is no such room."), await HubPeer.RefusedAsync(() => ada.SendAsync(roomId, "x")));
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => ada.OpenDirectAsync(99_999))).Code);
    }

    [Fact]
    public async Task A_program_marks_messages_as_unread_and_chooses_the_level_of_a_room()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        for (var i = 0; i < 3; i++)
            await bot.SendAsync(_room.Id, $"{i}");
        await zoe.MarkReadAsync(_room.Id, 3);

        await zoe.MarkUnreadAsync(_room.Id, 2);
        var marked = await RoomAsync(zoe);
        Assert.Equal((2, 2, "mentions"), (marked.Unread, marked.UnreadFrom, marked.Level));
        await zoe.MarkReadAsync(_room.Id, 2);
        Assert.Equal((1, 3), ((await RoomAsync(zoe)).Unread, (await RoomAsync(zoe)).UnreadFrom));
        await zoe.SetLevelAsync(_room.Id, "nothing");
        Assert.Equal("nothing", (await RoomAsync(zoe)).Level);
        await zoe.SetLevelAsync(_room.Id, "default");
        Assert.Equal("mentions", (await RoomAsync(zoe)).Level);

        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => zoe.MarkUnreadAsync(_room.Id, 4))).Code);
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => zoe.MarkUnreadAsync(999, 1))).Code);
        Assert.Equal("invalid", (await HubPeer.RefusedAsync(() => zoe.SetLevelAsync(_room.Id, "loud"))).Code);
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => zoe.SetLevelAsync(999, "mentions"))).Code);
    }

    [Fact]
    public async Task Refusals_have_a_code_and_a_reason_and_the_connection_stays_open()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        await zoe.SendAsync(_room.Id, "mine");

        Assert.Equal(("invalid", "Write something first."), await HubPeer.RefusedAsync(() => bot.SendAsync(_room.Id, " ")));
        Assert.Equal("invalid", (await HubPeer.RefusedAsync(() => bot.SendAsync(_room.Id, new string('x', 8001)))).Code);
        Assert.Equal(("not_found", "There is no such room."), await HubPeer.RefusedAsync(() => bot.SendAsync(999, "x")));
        Assert.Equal(("forbidden", "Only the author can edit a message."), await HubPeer.RefusedAsync(() => bot.EditAsync(_room.Id, 1, "x")));
        Assert.Equal("invalid", (await HubPeer.RefusedAsync(() => bot.EditAsync(_room.Id, 1, null!))).Code);
        Assert.Equal("forbidden", (await HubPeer.RefusedAsync(() => bot.DeleteAsync(_room.Id, 1))).Code);
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => bot.MarkReadAsync(999, 1))).Code);
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => bot.TypingAsync(999))).Code);
        await using (var nowhere = bot.Follow(999, 0))
            Assert.Equal(("not_found", "There is no such room."), await HubPeer.RefusedAsync(nowhere.NextAsync));
        await using (var fromNow = bot.Follow(999, null))
            Assert.Equal("not_found", (await HubPeer.RefusedAsync(fromNow.NextAsync)).Code);

        await bot.SendAsync(_room.Id, "fine");
        Assert.DoesNotContain("fail:", _one.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_of_malformed_calls_reveal_nothing_about_the_server()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);

        var unknown = await Assert.ThrowsAsync<HubException>(() => bot.InvokeAsync<object>("Shout", 1));
        var wrong = await Assert.ThrowsAsync<HubException>(() => bot.InvokeAsync<object>("Send", "one", "two", 3));

        foreach (var message in new[] { unknown.Message, wrong.Message })
        {
            Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
            Assert.DoesNotContain("BlazorChat", message, StringComparison.Ordinal);
        }

        await bot.SendAsync(_room.Id, "fine");
        Assert.DoesNotContain("fail:", _one.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_message_fits_when_it_is_escaped_and_a_longer_frame_closes_the_connection()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var room = bot.Follow(_room.Id, 0);
        var longest = new string('한', 8000);

        await bot.SendAsync(_room.Id, longest);
        Assert.Equal(longest, (await room.NextAsync()).Message);

        var tooLong = bot.SendAsync(_room.Id, new string('x', 70_000));
        Assert.NotNull(await bot.ClosedAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => tooLong);
        await using var again = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await again.SendAsync(_room.Id, "fine");
        Assert.DoesNotContain("fail:", _one.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_beyond_the_limit_are_refused()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);

        var sends = Enumerable.Range(0, 200).Select(i => bot.SendAsync(_room.Id, $"{i}")).ToArray();
        await Task.WhenAny(Task.WhenAll(sends), Task.Delay(TimeSpan.FromSeconds(15)));

        var refused = Assert.Single(sends.Where(send => send.IsFaulted).DistinctBy(send => send.Exception!.InnerException!.Message));
        Assert.Equal("rate_limited", (await HubPeer.RefusedAsync(() => refused)).Code);
        Assert.InRange(sends.Count(send => send.IsCompletedSuccessfully), 50, 150);
    }

    [Fact]
    public async Task B6_B7_A_revision_beyond_the_newest_is_clamped_and_a_used_id_is_refused()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        var id = Guid.NewGuid();
        await bot.SendAsync(_room.Id, "before", id);
        await using var room = bot.Follow(_room.Id, 999_999);

        Assert.Equal("conflict", (await HubPeer.RefusedAsync(() => bot.SendAsync(_room.Id, "other", id))).Code);
        Assert.Equal("invalid", (await HubPeer.RefusedAsync(() => bot.SendAsync(_room.Id, "other", Guid.Empty))).Code);
        // The start of the follow is not visible from outside, so messages are sent until one arrives.
        var next = room.NextAsync();
        for (var i = 0; i < 40 && !next.IsCompleted; i++)
        {
            await bot.SendAsync(_room.Id, "after");
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        Assert.Equal("after", (await next).Message);
    }

    [Fact]
    public async Task Calls_without_waiting_are_executed_in_order()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var room = bot.Follow(_room.Id, 0);

        await Task.WhenAll(Enumerable.Range(1, 40).Select(i => bot.SendAsync(_room.Id, $"{i}")));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"{i}"), (await room.NextAsync(40)).Select(change => change.Message));
    }

    [Fact]
    public async Task A_connection_has_a_limited_number_of_simultaneous_follows()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await bot.SendAsync(_room.Id, "hello");
        var follows = Enumerable.Range(0, 32).Select(_ => bot.Follow(_room.Id, 0)).ToArray();
        foreach (var follow in follows)
            await follow.NextAsync();

        await using (var tooMany = bot.Follow(_room.Id, 0))
            Assert.Equal("too_many", (await HubPeer.RefusedAsync(tooMany.NextAsync)).Code);
        await follows[0].StopAsync();
        await using var again = bot.Follow(_room.Id, 0);
        Assert.Equal("hello", (await again.NextAsync()).Message);

        foreach (var follow in follows)
            await follow.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_without_the_right_is_refused_with_a_status()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await HubPeer.StatusAsync(_one.Address));
        Assert.Equal(HttpStatusCode.Unauthorized, await HubPeer.StatusAsync(_one.Address, key: "bc_wrong"));
        Assert.Equal(HttpStatusCode.OK, await HubPeer.StatusAsync(_one.Address, key: _bot.Key));
        Assert.Equal(HttpStatusCode.OK, await HubPeer.StatusAsync(_one.Address, query: $"?access_token={_bot.Key}"));
        Assert.Equal(HttpStatusCode.OK, await HubPeer.StatusAsync(_one.Address, cookies: _zoe.Cookies));
        Assert.Equal(HttpStatusCode.OK, await HubPeer.StatusAsync(_one.Address, cookies: _zoe.Cookies, origin: _one.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.Forbidden, await HubPeer.StatusAsync(_one.Address, cookies: _zoe.Cookies, origin: "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(_one.Address, "hubs/chat", _zoe.Cookies, "http://evil.example"));
    }

    [Fact]
    public async Task An_address_opens_a_limited_number_of_connections_a_minute()
    {
        await using var node = await HostedNode.StartAsync(_one.DataFolder, $"Channels:ConnectionsPerMinute={MinuteLimit.PerMinute}");

        await MinuteLimit.AssertAsync(HttpStatusCode.OK, _ => HubPeer.StatusAsync(node.Address, key: _bot.Key));
    }

    [Fact]
    public async Task A_revoked_key_ends_its_connections_on_every_node()
    {
        await using var here = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var there = await HubPeer.ConnectAsync(_two.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_two.Address, _zoe.Cookies);
        await using var room = there.Follow(_room.Id, 0);

        using var revoked = await site.Ada.SubmitAsync("admin/bots", "bots", ("Revoke", $"{_bot.KeyId}"));
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);

        Assert.Equal("The sign-in has ended.", await here.SignInEndedAsync());
        Assert.Equal("The sign-in has ended.", await there.SignInEndedAsync());
        await here.ClosedAsync();
        await there.ClosedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await HubPeer.StatusAsync(_two.Address, key: _bot.Key));
        await zoe.SendAsync(_room.Id, "still here");
    }

    [Fact]
    public async Task A_bot_learns_of_rooms_that_it_was_added_to_and_removed_from()
    {
        var room = await site.AddRoomAsync(RoomKind.Private, site.Ada);
        var bot = await site.AddBotAsync("Guard", room);
        await using var guard = await HubPeer.ConnectAsync(_one.Address, bot.Key);
        await using var other = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var ops = guard.Follow(room.Id, 0);
        await guard.SendAsync(room.Id, "on watch");
        await ops.NextAsync();

        Assert.Equal([(1, "General", false), (room.Id, room.Name, true)], (await guard.RoomsAsync()).Select(known => (known.Id, known.Name, known.IsPrivate)));
        Assert.Equal([1, _room.Id], (await other.RoomsAsync()).Select(known => known.Id));
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => other.SendAsync(room.Id, "x"))).Code);

        // The same as RoomMembers does on another node: delete the row, then publish the events.
        byte[] secret;
        await using (var database = new DirectDatabase(_one.DataFolder))
        {
            await database.Db.Memberships.Where(member => member.RoomId == room.Id && member.UserId == bot.Id).ExecuteDeleteAsync();
            secret = await database.Db.Secrets.Where(known => known.Name == "layer").Select(known => known.Value).SingleAsync();
        }

        await using var node = await TestNode.StartAsync(
            site.Redis.ConnectionString,
            "blazorchat",
            configure: services => services.AddEvents(RoomEventsJson.Default).AddSingleton<ILayerSecret>(new KnownSecret(secret)));
        await node.Layer.PublishAsync(RoomGroups.Access, new RoomAccessChanged(room.Id));
        await node.Layer.PublishAsync(RoomGroups.User(bot.Id), new MembershipChanged(room.Id, bot.Id, false));

        Assert.Equal((room.Id, false), await guard.MembershipChangedAsync());
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(ops.NextAsync)).Code);
    }

    [Fact]
    public async Task A_program_learns_that_a_room_was_changed_archived_and_deleted()
    {
        await using var node = await TestDatabase.JoinAsync(_one.DataFolder, site.Redis.ConnectionString);
        var ada = TestDatabase.SignIn(site.Ada.Id, "Ada");
        var secret = await site.AddRoomAsync(RoomKind.Private, site.Ada, _zoe);
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_two.Address, _zoe.Cookies);
        await using var follow = bot.Follow(_room.Id, 0);
        await bot.SendAsync(_room.Id, "hello");
        await follow.NextAsync();

        await node.RoomSettings.ChangeAsync(ada, _room.Id, new RoomEdit(Topic: "Lift-off", Description: "All of it", OnlyOwnersMentionRoom: true), default);
        var changed = new ChatRoomState(_room.Id, _room.Name, false, "Lift-off", "All of it", false, false, 1) { OnlyOwnersMentionRoom = true };
        Assert.Equal(changed, await bot.RoomChangedAsync(_room.Id));
        Assert.Equal(changed, await zoe.RoomChangedAsync(_room.Id));
        var room = await RoomAsync(bot);
        Assert.Equal(("Lift-off", "All of it", true, 1), (room.Topic, room.Description, room.OnlyOwnersMentionRoom, room.Version));

        await node.RoomLifecycle.ArchiveAsync(ada, _room.Id, default);
        Assert.Equal(changed with { IsArchived = true, Version = 2 }, await bot.RoomChangedAsync(_room.Id));
        Assert.Equal("archived", (await HubPeer.RefusedAsync(() => bot.SendAsync(_room.Id, "x"))).Code);
        Assert.Equal([1], (await bot.RoomsAsync()).Select(known => known.Id));
        await node.RoomLifecycle.UnarchiveAsync(ada, _room.Id, default);
        Assert.Equal(changed with { Version = 3 }, await bot.RoomChangedAsync(_room.Id));
        Assert.Equal((_room.Id, true), await bot.MembershipChangedAsync());

        await node.RoomLifecycle.DeleteAsync(ada, _room.Id, default);
        Assert.Equal(new ChatRoomState(_room.Id, "", true, "", "", false, true, 4), await bot.RoomChangedAsync(_room.Id));
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(follow.NextAsync)).Code);

        // A bot that is not in a private room learns nothing of it.
        await node.RoomSettings.ChangeAsync(ada, secret.Id, new RoomEdit(Topic: "Plans"), default);
        Assert.Equal("Plans", (await zoe.RoomChangedAsync(secret.Id)).Topic);
        await node.RoomSettings.ChangeAsync(ada, 1, new RoomEdit(Topic: "Welcome"), default);
        Assert.Equal(1, (await bot.NextRoomChangedAsync()).Id);
    }

    [Fact]
    public async Task A_guest_does_not_learn_the_name_that_a_room_has_since_it_is_private()
    {
        using var guest = await site.JoinAsync("Guest");
        await using var guestSocket = await SocketClient.ConnectAsync(_two.Address, $"ws/chat/{_room.Id}/chat/", guest.Cookies);
        await using var memberSocket = await SocketClient.ConnectAsync(_two.Address, $"ws/chat/{_room.Id}/chat/", _zoe.Cookies);
        await using var guestHub = await HubPeer.ConnectAsync(_two.Address, guest.Cookies);
        await using var memberHub = await HubPeer.ConnectAsync(_two.Address, _zoe.Cookies);
        var layer = ((HostedNode)_two).Services.GetRequiredService<IChannelLayer>();
        var changed = new RoomChanged(_room.Id, "Layoffs", RoomKind.Private, Version: 1) { Topic = "Who goes" };

        // The node has not read yet that the right to the room has ended.
        await using (var database = new DirectDatabase(_two.DataFolder))
            await database.Db.Rooms.Where(room => room.Id == _room.Id).ExecuteUpdateAsync(room => room.SetProperty(r => r.Kind, RoomKind.Private));
        await layer.PublishAsync(RoomGroups.Settings(_room.Id), changed);
        await layer.PublishAsync(RoomGroups.User(guest.Id), changed);
        await layer.PublishAsync(RoomGroups.User(_zoe.Id), changed);

        Assert.Equal("Layoffs", (await memberSocket.ReceiveJsonAsync("chat.room.changed")).GetProperty("name").GetString());
        Assert.Equal("Layoffs", (await memberHub.RoomChangedAsync(_room.Id)).Name);
        await guestSocket.SendTextAsync("""{"type":"none"}""");
        Assert.Equal("error", (await guestSocket.ReceiveJsonAsync()).GetProperty("type").GetString());
        await layer.PublishAsync(RoomGroups.User(guest.Id), changed with { RoomId = 1, Kind = RoomKind.Open });
        Assert.Equal(1, (await guestHub.NextRoomChangedAsync()).Id);
    }

    [Fact]
    public async Task A_program_learns_that_its_person_has_read_a_room_on_another_node_or_marked_it_as_unread()
    {
        await using var bot = await HubPeer.ConnectAsync(_one.Address, _bot.Key);
        await using var here = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        await using var there = await HubPeer.ConnectAsync(_two.Address, _zoe.Cookies);
        for (var i = 0; i < 3; i++)
            await bot.SendAsync(_room.Id, $"{i}");

        await here.MarkReadAsync(_room.Id, 3);
        Assert.Equal(new ChatRead(_room.Id, 3, null, 0), await there.RoomReadAsync());
        await here.MarkUnreadAsync(_room.Id, 2);
        Assert.Equal(new ChatRead(_room.Id, 3, 2, 1), await there.RoomReadAsync());
        var room = await RoomAsync(there);
        Assert.Equal((2L, 2L, 1), (room.Unread, room.UnreadFrom, room.Mark));
    }

    [Fact]
    public async Task A_mention_of_all_members_calls_the_members_and_nobody_else()
    {
        var other = await site.AddBotAsync("Outsider");
        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        await using var bot = await HubPeer.ConnectAsync(_two.Address, _bot.Key);
        await using var outsider = await HubPeer.ConnectAsync(_two.Address, other.Key);

        await zoe.SendAsync(_room.Id, "@room look");
        Assert.Equal(_room.Id, await bot.MentionsChangedAsync());
        Assert.Equal((1L, 1L), await RoomAsync(bot) is { } room ? (room.Unread, room.Mentions) : default);
        await zoe.SendAsync(1, $"@{await site.HandleOfAsync(other.Id)} hello");

        Assert.Equal(1, await outsider.MentionsChangedAsync());
    }

    [Fact]
    public async Task A_direct_room_has_its_people()
    {
        using var max = await site.JoinAsync("Max");
        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        var (group, notes) = (await zoe.OpenDirectAsync(max.Id, _bot.Id), await zoe.OpenDirectAsync());
        await zoe.SendAsync(group, "hello");
        await zoe.SendAsync(notes, "note");

        var rooms = (await zoe.RoomsAsync()).ToDictionary(room => room.Id);

        Assert.Equal(
            [new ChatPerson(_bot.Id, await site.HandleOfAsync(_bot.Id), "Deployer"), new ChatPerson(max.Id, await site.HandleOfAsync(max.Id), max.Name)],
            rooms[group].People);
        Assert.Empty(rooms[notes].People!);
        Assert.Null(rooms[_room.Id].People);
    }

    [Fact]
    public async Task A_removed_member_is_not_called_when_an_old_mention_changes()
    {
        await using var node = await TestDatabase.JoinAsync(_one.DataFolder, site.Redis.ConnectionString);
        var secret = await site.AddRoomAsync(RoomKind.Private, site.Ada, _zoe);
        var bot = await site.AddBotAsync("Guard", secret);
        await using var guard = await HubPeer.ConnectAsync(_two.Address, bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        var handle = await site.HandleOfAsync(bot.Id);
        var sent = await zoe.SendAsync(secret.Id, $"@{handle} watch");
        Assert.Equal(secret.Id, await guard.MentionsChangedAsync());

        await node.Services.GetRequiredService<RoomMembers>().RemoveAsync(TestDatabase.SignIn(site.Ada.Id, "Ada"), secret.Id, bot.Id, default);
        Assert.Equal((secret.Id, false), await guard.MembershipChangedAsync());
        await zoe.EditAsync(secret.Id, sent.Sequence, "Nobody watches");
        await zoe.SendAsync(1, $"@{handle} hello");

        Assert.Equal(1, await guard.MentionsChangedAsync());
    }

    [Fact]
    public async Task A_mentioned_bot_is_called_on_another_node_and_lists_its_mentions()
    {
        await using var bot = await HubPeer.ConnectAsync(_two.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_one.Address, _zoe.Cookies);
        await using var room = bot.Follow(_room.Id, 0);
        var (handle, author) = (await site.HandleOfAsync(_bot.Id), await site.HandleOfAsync(_zoe.Id));

        await zoe.SendAsync(_room.Id, $"@{handle} deploy, @room");

        Assert.Equal(_room.Id, await bot.MentionsChangedAsync());
        var change = await room.NextAsync();
        Assert.Equal([new ChatPerson(_bot.Id, handle, "Deployer")], change.Mentions);
        Assert.Equal((author, true), (change.AuthorHandle, change.MentionsRoom));
        Assert.Contains("@Deployer</span> deploy", change.Html, StringComparison.Ordinal);
        var mention = Assert.Single(await bot.MentionsAsync());
        Assert.Equal((_room.Name, false, 1L), (mention.RoomName, mention.IsForRoom, mention.Message.Sequence));
        Assert.Empty(await bot.MentionsAsync(mention.Id));
        Assert.Empty(await zoe.MentionsAsync());
    }

    /// <summary>The test's room as the user sees it, who is also in General.</summary>
    private async Task<ChatRoom> RoomAsync(HubPeer peer)
    {
        var rooms = await peer.RoomsAsync();
        Assert.Equal([1, _room.Id], rooms.Select(room => room.Id));
        return rooms[1];
    }
}
