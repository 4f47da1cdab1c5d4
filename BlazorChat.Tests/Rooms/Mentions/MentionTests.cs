using System.Security.Claims;
using BlazorChat.Accounts.Naming;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Mentions;

/// <summary>Who is mentioned by a message, in the transaction that stores it.</summary>
public sealed class MentionTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_handle_of_a_member_is_a_row_and_shows_the_name()
    {
        var message = await SendAsync(_ada, "hi @ZOE, @eve and `@zoe`");

        var row = Assert.Single(await RowsAsync());
        Assert.Equal((_room.Id, 1L, _zoe.UserId, MentionKind.Person), (row.RoomId, row.Sequence, row.UserId, row.Kind));
        Assert.Equal(new MentionView(_zoe.UserId, "zoe", "Zoe"), Assert.Single(message.Mentions!));
        Assert.Equal(
            $"<p>hi <span class=\"mention\" data-person=\"{_zoe.UserId}\">@Zoe</span>, @eve and <code>@zoe</code></p>", MentionHtml.Show(message));
        Assert.Equal(message.Mentions, (await _site.Conversation.ReadLatestAsync(_zoe, _room.Id, default)).Messages[0].Mentions);
    }

    [Fact]
    public async Task People_outside_of_the_room_and_banned_people_stay_text()
    {
        await _site.AddPersonAsync("Eve");
        var kim = await _site.AddPersonAsync("Kim");
        await _site.Rooms.JoinAsync(kim, _room.Id, default);
        var kimId = kim.UserId;
        await using (var db = await _site.OpenAsync())
            await db.Users.Where(user => user.Id == kimId).ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        var message = await SendAsync(_ada, "@eve @kim @all");

        Assert.Empty(await RowsAsync());
        Assert.Equal("<p>@eve @kim @all</p>", message.Html);
        Assert.Null(message.Mentions);
    }

    [Theory]
    [InlineData("@민수가 왔다", "@민수")]
    [InlineData("@민수님께 물어봐", "@민수")]
    [InlineData("@민수진도 왔다", "@민수진")]
    [InlineData("@민수진님", "@민수진")]
    [InlineData("@민수연이 왔다", null)]
    public async Task The_longest_handle_of_a_member_wins_before_a_particle(string text, string? mention)
    {
        foreach (var name in new[] { "민수", "민수진" })
            await _site.Rooms.JoinAsync(await _site.AddPersonAsync(name), _room.Id, default);

        var message = await SendAsync(_ada, text);

        Assert.Equal(mention, message.Mentions?.Select(person => $"@{person.Handle}").Single());
        Assert.Equal(text, BlazorChat.Markup.HtmlText.Read(message.Html, 200));
    }

    [Fact]
    public async Task The_whole_room_is_one_row()
    {
        var message = await SendAsync(_ada, "@room에 알립니다 @room");

        var row = Assert.Single(await RowsAsync());
        Assert.Equal((null, MentionKind.Room), (row.UserId, row.Kind));
        Assert.Equal("<p><span class=\"mention\" data-everyone>@room</span>에 알립니다 <span class=\"mention\" data-everyone>@room</span></p>", message.Html);
    }

    [Fact]
    public async Task An_author_is_not_mentioned_by_a_row()
    {
        var message = await SendAsync(_ada, "@ada");

        Assert.Empty(await RowsAsync());
        Assert.Equal("Ada", Assert.Single(message.Mentions!).Name);
    }

    [Fact]
    public async Task An_edit_adds_and_removes_rows_and_a_deletion_removes_them_all()
    {
        var kim = await _site.AddPersonAsync("Kim");
        await _site.Rooms.JoinAsync(kim, _room.Id, default);
        await SendAsync(_ada, "@zoe");
        var first = Assert.Single(await RowsAsync());

        await _site.Conversation.EditAsync(_ada, _room.Id, 1, "@zoe and @kim", default);
        Assert.Equal([_zoe.UserId, kim.UserId], (await RowsAsync()).Select(row => row.UserId));
        Assert.Equal(first.Id, (await RowsAsync())[0].Id);
        await _site.Conversation.EditAsync(_ada, _room.Id, 1, "@room", default);
        Assert.Equal([MentionKind.Room], (await RowsAsync()).Select(row => row.Kind));
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task An_edit_keeps_the_mention_of_a_person_who_has_another_handle_now()
    {
        var eve = await _site.AddPersonAsync("Eve");
        await _site.Rooms.JoinAsync(eve, _room.Id, default);
        await SendAsync(_ada, "@zoe tpyo");
        await ChangeHandleAsync(_zoe, "zoe.new");
        await ChangeHandleAsync(eve, "zoe");

        var message = await _site.Conversation.EditAsync(_ada, _room.Id, 1, "@zoe typo", default);

        Assert.Equal(_zoe.UserId, Assert.Single(await RowsAsync()).UserId);
        Assert.Equal(new MentionView(_zoe.UserId, "zoe.new", "Zoe"), Assert.Single(message.Mentions!));
        Assert.Equal(eve.UserId, Assert.Single((await SendAsync(_ada, "@zoe")).Mentions!).PersonId);
    }

    [Fact]
    public async Task A_change_of_a_handle_and_a_message_at_once_leave_a_row_for_what_is_shown()
    {
        for (var round = 0; round < 20; round++)
        {
            var (handle, next) = ($"zoe{round}", $"zoe{round + 1}");
            if (round == 0)
                await ChangeHandleAsync(_zoe, handle);
            var changed = Task.Run(() => ChangeHandleAsync(_zoe, next));
            var message = await SendAsync(_ada, $"@{handle}");
            await changed;

            var rows = (await RowsAsync()).Where(row => row.Sequence == message.Sequence).ToArray();
            Assert.Equal(message.Html.Contains("data-person", StringComparison.Ordinal), rows.Length == 1);
        }
    }

    [Fact]
    public async Task A_repeated_send_is_one_row_and_has_the_same_mentions()
    {
        var id = Guid.NewGuid();

        var sent = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => _site.Conversation.SendAsync(_ada, _room.Id, id, "@zoe", default))));
        var later = await _site.Conversation.SendAsync(_ada, _room.Id, id, "@zoe", default);

        Assert.Single(await RowsAsync());
        Assert.All(sent.Append(later), message => Assert.Equal(_zoe.UserId, Assert.Single(message.Mentions!).PersonId));
    }

    [Fact]
    public async Task Here_mentions_the_members_who_are_connected_when_it_is_written()
    {
        var (eve, kim) = (await _site.AddPersonAsync("Eve"), await _site.AddPersonAsync("Kim"));
        await _site.Rooms.JoinAsync(eve, _room.Id, default);
        // Kim is connected, but no member; the author mentions nobody of themselves.
        using var adas = _site.Presence.Open(_ada);
        using var zoes = _site.Presence.Open(_zoe);
        using var kims = _site.Presence.Open(kim);

        var message = await SendAsync(_ada, "@here lunch");

        Assert.Equal("<p><span class=\"mention\" data-here>@here</span> lunch</p>", message.Html);
        var row = Assert.Single(await RowsAsync());
        Assert.Equal((1L, null, MentionKind.Here), (row.Sequence, row.UserId, row.Kind));
        Assert.Equal([_zoe.UserId], row.Here);
        Assert.Equal(1, Assert.Single(await _site.MentionCounts.ReadAsync(_zoe, default)).Value);
        Assert.False(Assert.Single(await _site.Mentions.ListAsync(_zoe, null, default)).IsForRoom);
        Assert.Empty(await _site.Mentions.ListAsync(eve, null, default));

        // Who connects later was not there, also when the message is edited.
        using var eves = _site.Presence.Open(eve);
        await _site.Conversation.EditAsync(_ada, _room.Id, 1, "@here dinner", default);
        Assert.Equal([_zoe.UserId], Assert.Single(await RowsAsync()).Here);
        await _site.Conversation.EditAsync(_ada, _room.Id, 1, "dinner", default);
        Assert.Empty(await RowsAsync());
        await _site.Conversation.EditAsync(_ada, _room.Id, 1, "@here", default);
        Assert.Equal([_zoe.UserId, eve.UserId], Assert.Single(await RowsAsync()).Here!.Order());
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Who_is_mentioned_by_the_handle_and_by_here_sees_the_message_once()
    {
        using var zoes = _site.Presence.Open(_zoe);
        await SendAsync(_ada, "@zoe @here");

        Assert.Single(await _site.Mentions.ListAsync(_zoe, null, default));
        Assert.Equal(1, (await _site.MentionCounts.ReadAsync(_zoe, default))[_room.Id]);
        await _site.Conversation.EditAsync(_ada, _room.Id, 1, "@here", default);
        Assert.Equal(MentionKind.Here, Assert.Single(await RowsAsync()).Kind);
    }

    [Fact]
    public async Task Others_send_while_who_is_here_is_read()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The intercepted database is SQLite's.");
        var members = new HeldCommand("\"LastReadSequence\" DESC");
        using var zoes = _site.Presence.Open(_zoe);
        using var writer = ActivatorUtilities.CreateInstance<MessageWriter>(_site.Services, new InterceptedDatabase(_site.DataFolder, members));
        await writer.StartAsync(default);

        var here = writer.ApplyAsync(WriteOf(_ada, "@here"), default);
        await members.Begun.WaitAsync(TestWait.Limit);
        var other = await writer.ApplyAsync(WriteOf(_zoe, "hello"), default).WaitAsync(TestWait.Limit);
        members.Release();

        Assert.Equal((1, 2), (other.Sequence, (await here).Sequence));
        Assert.Equal([_zoe.UserId], Assert.Single(await RowsAsync()).Here);
        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Many_who_are_here_are_one_row_and_one_event()
    {
        var people = new List<ClaimsPrincipal>();
        for (var i = 0; i < 20; i++)
        {
            people.Add(await _site.AddPersonAsync($"Member {i}"));
            await _site.Rooms.JoinAsync(people[^1], _room.Id, default);
        }

        var connections = people.Select(person => _site.Presence.Open(person)).ToArray();
        await using var events = new RoomEventRecorder(RoomGroups.Mentions);
        await events.ConnectAsync(_site);
        var id = Guid.NewGuid();

        await _site.Conversation.SendAsync(_ada, _room.Id, id, "@here and @here", default);
        var sent = Assert.IsType<MentionsChanged>(await events.NextAsync());
        Array.ForEach(connections, connection => connection.Dispose());
        // A repeated send calls those who were there the first time.
        await _site.Conversation.SendAsync(_ada, _room.Id, id, "@here and @here", default);
        var repeated = Assert.IsType<MentionsChanged>(await events.NextAsync());

        Assert.Single(await RowsAsync());
        Assert.All([sent, repeated], changed =>
        {
            Assert.Equal((_room.Id, null, 1L), (changed.RoomId, changed.UserId, changed.First));
            Assert.Equal(people.Select(person => person.UserId).Order(), changed.Here!.Order());
        });
        Assert.True(sent.IsFor(people[0].UserId));
        Assert.False(sent.IsFor(_zoe.UserId));
    }

    [Fact]
    public async Task Readers_find_the_messages_that_mention_them_by_here()
    {
        var found = _site.Services.GetRequiredService<HereMentions>();
        await SendAsync(_ada, "@here one");
        using var zoes = _site.Presence.Open(_zoe);
        await SendAsync(_ada, "@here two");
        await SendAsync(_ada, "@zoe three");
        await SendAsync(_ada, "@here four");

        Assert.Equal([2, 4], await found.FindAsync(_zoe, _room.Id, [1, 2, 3, 4, 5], default));
        Assert.Empty(await found.FindAsync(_ada, _room.Id, [1, 2, 3, 4], default));
        Assert.Empty(await found.FindAsync(_zoe, _room.Id + 1, [2, 4], default));
        await _site.Services.GetRequiredService<RoomOwners>().LeaveAsync(_zoe, _room.Id, newOwnerId: null, default);
        Assert.Empty(await found.FindAsync(_zoe, _room.Id, [2, 4], default));
    }

    [Fact]
    public async Task A_message_for_the_room_and_for_those_who_are_here_is_listed_once()
    {
        using var zoes = _site.Presence.Open(_zoe);
        await SendAsync(_ada, "@room and @here");

        Assert.True(Assert.Single(await _site.Mentions.ListAsync(_zoe, null, default)).IsForRoom);
        Assert.Equal(1, (await _site.MentionCounts.ReadAsync(_zoe, default))[_room.Id]);
    }

    [Fact]
    public async Task The_composer_counts_whom_here_calls()
    {
        var completion = _site.Services.GetRequiredService<Completion>();
        using var adas = _site.Presence.Open(_ada);
        Assert.Equal(0, await completion.CountHereAsync(_ada, _room.Id, default));
        using var zoes = _site.Presence.Open(_zoe);
        Assert.Equal(1, await completion.CountHereAsync(_ada, _room.Id, default));
        var secret = await _site.Rooms.CreateAsync(_zoe, "Secret", RoomKind.Private, default);
        await Assert.ThrowsAsync<RefusedException>(() => completion.CountHereAsync(_ada, secret.Id, default));
    }

    [Fact]
    public async Task A_message_without_a_mark_asks_nothing()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The intercepted database is SQLite's.");
        var log = new CommandLog();
        await using var store = new TrackedMessageStore(new InterceptedDatabase(_site.DataFolder, log).CreateDbContext());
        foreach (var (text, isAsked) in new[] { ("hello", false), ("ada@example.org", false), ("@zoe", true) })
        {
            log.Clear();
            await BatchRows.ReadAsync(
                store,
                [new NewMessage(_room.Id, _ada.UserId, Guid.NewGuid(), text, MarkdownHtml.RenderWithMentions(text), [])],
                default);
            Assert.Equal(isAsked, log.Commands.Any(command => command.Sql.Contains("\"Handle\" IN", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_name_of_an_open_room_is_a_link_and_that_of_a_private_room_stays_text()
    {
        var open = await _site.Rooms.CreateAsync(_zoe, "Front-end Team", default);
        await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);

        var message = await SendAsync(_ada, "#front-end-team에서, #secret, #nowhere");

        Assert.Equal($"<p><a class=\"room-link\" href=\"/rooms/{open.Id}\">#Front-end Team</a>에서, #secret, #nowhere</p>", message.Html);
    }

    [Fact]
    public async Task The_person_gets_an_event_and_a_mention_of_the_room_is_one_event()
    {
        await using var events = new RoomEventRecorder(RoomGroups.User(_zoe.UserId));
        await events.ConnectAsync(_site);
        await using var ofRooms = new RoomEventRecorder(RoomGroups.Mentions);
        await ofRooms.ConnectAsync(_site);

        await SendAsync(_ada, "@zoe @room");

        Assert.Equal(new MentionsChanged(_room.Id, _zoe.UserId, 1), await events.NextAsync());
        Assert.Equal(new MentionsChanged(_room.Id, null, 1), await ofRooms.NextAsync());
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        Assert.Equal(new MentionsChanged(_room.Id, _zoe.UserId), await events.NextAsync());
        Assert.Equal(new MentionsChanged(_room.Id, null), await ofRooms.NextAsync());
    }

    [Fact]
    public async Task A_repeated_send_publishes_its_mentions_again()
    {
        var id = Guid.NewGuid();
        await _site.Conversation.SendAsync(_ada, _room.Id, id, "@zoe", default);
        await using var events = new RoomEventRecorder(RoomGroups.User(_zoe.UserId));
        await events.ConnectAsync(_site);

        await _site.Conversation.SendAsync(_ada, _room.Id, id, "@zoe", default);

        Assert.Equal(new MentionsChanged(_room.Id, _zoe.UserId, 1), await events.NextAsync());
        Assert.Single(await RowsAsync());
    }

    [Fact]
    public async Task A_list_has_the_mentions_of_rooms_that_one_can_read_now()
    {
        var secret = await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);
        var members = _site.Services.GetRequiredService<RoomMembers>();
        await SendAsync(_ada, "@room before Eve");
        await members.AddAsync(_ada, secret.Id, _zoe.UserId, default);
        await SendAsync(_ada, "@zoe one");
        await _site.Conversation.SendAsync(_ada, secret.Id, Guid.NewGuid(), "@zoe two", default);
        await _site.Conversation.SendAsync(_zoe, secret.Id, Guid.NewGuid(), "@room mine", default);
        await SendAsync(_ada, "@zoe and @room three");
        var eve = await _site.AddPersonAsync("Eve");
        await _site.Rooms.JoinAsync(eve, _room.Id, default);

        Assert.Equal(["Room 3", "Secret 1", "Room 2", "Room 1"], await ListAsync(_zoe));
        Assert.Equal(["Secret 2"], await ListAsync(_ada));
        // She joined after the mention of the room.
        Assert.Empty(await ListAsync(eve));
        await members.RemoveAsync(_ada, secret.Id, _zoe.UserId, default);
        Assert.Equal(["Room 3", "Room 2", "Room 1"], await ListAsync(_zoe));
    }

    [Fact]
    public async Task A_long_list_has_pages()
    {
        for (var i = 0; i < 120; i++)
            await SendAsync(_ada, i % 3 == 0 ? "@room" : "@zoe");

        var first = await _site.Mentions.ListAsync(_zoe, null, default);
        var second = await _site.Mentions.ListAsync(_zoe, first[^1].Id, default);
        var third = await _site.Mentions.ListAsync(_zoe, second[^1].Id, default);

        Assert.Equal((50, 50, 20), (first.Count, second.Count, third.Count));
        Assert.Equal(
            Enumerable.Range(1, 120).Reverse().Select(i => (long)i), first.Concat(second).Concat(third).Select(mention => mention.Message.Sequence));
    }

    [Fact]
    public async Task Where_only_owners_may_mention_the_room_it_stays_text_of_others()
    {
        await SendAsync(_zoe, "@room before");
        await _site.RoomSettings.ChangeAsync(_ada, _room.Id, new RoomEdit(OnlyOwnersMentionRoom: true), default);

        var id = Guid.NewGuid();
        var text = await _site.Conversation.SendAsync(_zoe, _room.Id, id, "@room and @ada", default);
        Assert.True(text.RoomIsText);
        Assert.True((await _site.Conversation.SendAsync(_zoe, _room.Id, id, "@room and @ada", default)).RoomIsText);
        Assert.False((await _site.Conversation.ReadLatestAsync(_zoe, _room.Id, default)).Messages[^1].RoomIsText);
        foreach (var (author, words, isText) in new[] { (_zoe, "@here", true), (_zoe, "`@room` and @ada", false), (_ada, "@room @here", false) })
            Assert.Equal((words, isText), (words, (await SendAsync(author, words)).RoomIsText));
        Assert.False(MentionHtml.MentionsEveryone(text.Html));
        Assert.Contains("@room and", text.Html, StringComparison.Ordinal);
        Assert.True(MentionHtml.HasMentions(text.Html));
        Assert.True(MentionHtml.MentionsEveryone((await SendAsync(_ada, "@room")).Html));
        // An edit keeps the mention that there was, and adds none.
        var (kept, added) = (
            await _site.Conversation.EditAsync(_zoe, _room.Id, 1, "@room, after", default),
            await _site.Conversation.EditAsync(_zoe, _room.Id, 2, "@room again", default));
        Assert.Equal((true, false), (MentionHtml.MentionsEveryone(kept.Html), kept.RoomIsText));
        Assert.Equal((false, true), (MentionHtml.MentionsEveryone(added.Html), added.RoomIsText));
        Assert.Equal((true, false, true), (
            (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.MayMentionRoom,
            (await _site.Rooms.FindAsync(_zoe, _room.Id, default))!.MayMentionRoom,
            (await _site.Rooms.ListJoinedAsync(_ada, default))[0].OnlyOwnersMentionRoom));

        await _site.RoomSettings.ChangeAsync(_ada, _room.Id, new RoomEdit(OnlyOwnersMentionRoom: false), default);
        Assert.True(MentionHtml.MentionsEveryone((await SendAsync(_zoe, "@room")).Html));
    }

    [Fact]
    public async Task Unread_mentions_are_counted_by_room_until_they_are_read()
    {
        var other = await _site.Rooms.CreateAsync(_ada, "Other", default);
        await _site.Rooms.JoinAsync(_zoe, other.Id, default);
        await SendAsync(_ada, "@zoe @room");
        await SendAsync(_ada, "nothing");
        await SendAsync(_ada, "@room");
        await _site.Conversation.SendAsync(_ada, other.Id, Guid.NewGuid(), "@zoe", default);

        Assert.Equal(new Dictionary<int, int> { [_room.Id] = 2, [other.Id] = 1 }, await _site.MentionCounts.ReadAsync(_zoe, default));
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 2, default);
        await _site.Conversation.MarkReadAsync(_zoe, other.Id, 1, default);
        Assert.Equal(new Dictionary<int, int> { [_room.Id] = 1 }, await _site.MentionCounts.ReadAsync(_zoe, default));
        // She has marked her own messages as unread.
        await _site.Conversation.MarkUnreadAsync(_ada, _room.Id, 1, default);
        Assert.Empty(await _site.MentionCounts.ReadAsync(_ada, default));
    }

    [Fact]
    public async Task Completion_lists_the_members_of_a_room_to_those_who_see_it()
    {
        var completion = _site.Services.GetRequiredService<Completion>();
        var secret = await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);
        await _site.AddPersonAsync("Outside");

        var people = await completion.ListPeopleAsync(_ada, _room.Id, "", default);
        var rooms = await completion.ListRoomsAsync(_ada, "", default);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => completion.ListPeopleAsync(_zoe, secret.Id, "", default));

        Assert.Equal([new CompletionItem("Zoe", "zoe")], people.Items);
        Assert.Equal((true, 1), (people.IsComplete, people.Called));
        Assert.Equal([new CompletionItem("Room", "Room")], rooms.Items);
        Assert.Equal(RefusalCode.NotFound, refused.Code);
        Assert.Equal([new CompletionItem("Zoe", "zoe")], (await completion.ListPeopleAsync(_ada, _room.Id, "zÖ", default)).Items);
    }

    [Fact]
    public async Task A_rename_changes_the_mentions_of_an_open_page()
    {
        await SendAsync(_ada, "@zoe");
        var page = await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default);
        var zoeId = _zoe.UserId;
        await using (var db = await _site.OpenAsync())
        {
            (await db.Users.SingleAsync(user => user.Id == zoeId)).DisplayName = "Zoë <b>";
            await db.SaveChangesAsync();
        }

        var people = await _site.Services.GetRequiredService<Authors>().ReadAsync([_ada.UserId, _zoe.UserId], default);
        var message = page.Messages[0].By(people);

        Assert.Contains(">@Zo&#235; &lt;b&gt;<", MentionHtml.Show(message), StringComparison.Ordinal);
        Assert.Same(message, message.By(people));
    }

    private NewMessage WriteOf(ClaimsPrincipal person, string text) =>
        new(_room.Id, person.UserId, Guid.NewGuid(), text, MarkdownHtml.RenderWithMentions(text), []);

    private Task<MessageView> SendAsync(ClaimsPrincipal person, string text) =>
        _site.Conversation.SendAsync(person, _room.Id, Guid.NewGuid(), text, default);

    private async Task<IEnumerable<string>> ListAsync(ClaimsPrincipal person) =>
        (await _site.Mentions.ListAsync(person, null, default)).Select(mention => $"{mention.RoomName} {mention.Message.Sequence}");

    private async Task<IReadOnlyList<Mention>> RowsAsync()
    {
        await using var db = await _site.OpenAsync();
        return await db.Mentions.AsNoTracking().OrderBy(mention => mention.Id).ToListAsync();
    }

    private Task<string> ChangeHandleAsync(ClaimsPrincipal person, string handle) =>
        ActivatorUtilities.CreateInstance<HandleChange>(_site.Services).ChangeAsync(person, handle, default);
}
