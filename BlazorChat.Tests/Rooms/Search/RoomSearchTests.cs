using System.Security.Claims;
using System.Text;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Search;
using BlazorChat.Rooms.Search.Indexing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlazorChat.Tests.Rooms.Search;

/// <summary>What is found in rooms, by whom, and when.</summary>
public sealed class RoomSearchTests : IAsyncLifetime
{
    private static readonly string[] Corpus =
    [
        "내일 서울에서 만나요",
        "서울역 3번 출구",
        "**부산**에는 비가 와요",
        "東京タワーへ行きました",
        "京都の天気",
        "The release is planned for Friday",
        "Releases need a changelog entry, see https://example.org/log",
        "Crème brûlée for everybody 🎉",
        "`getUserName(user_id)` throws on null",
        "내일 부산에서 만나요".Normalize(NormalizationForm.FormD),
    ];

    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Release notes", RoomKind.Open, default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Words_of_three_languages_are_found()
    {
        foreach (var text in Corpus)
            await SendAsync(_ada, _room, text);

        foreach (var (query, found) in new[]
        {
            ("서울", "2 1"),
            ("서울에서", "1"),
            ("에서", "10 1"),
            ("만나", "10 1"),
            ("서", "10 2 1"),
            ("비", "3"),
            ("부산에는", "3"),
            ("내일 부산", "10"),
            ("내일 부산".Normalize(NormalizationForm.FormD), "10"),
            ("\"서울에서 만나요\"", "1"),
            ("\"내일 만나요\"", ""),
            ("東京", "4"),
            ("京", "5 4"),
            ("タワー", "4"),
            ("天気", "5"),
            ("release", "7 6"),
            ("RELEASE planned", "6"),
            ("\"release is\"", "6"),
            ("\"is release\"", ""),
            ("lease", ""),
            ("changelog", "7"),
            ("creme BRULEE", "8"),
            ("🎉", "8"),
            ("userName", "9"),
            ("getUserName", "9"),
            ("getusern", "9"),
            ("user_id", "9"),
            ("user id null", "9"),
            ("example.org", "7"),
        })
        {
            Assert.Equal((query, found), (query, await FindAsync(_zoe, query)));
        }
    }

    [Fact]
    public async Task Filters_narrow_the_results()
    {
        var other = await _site.Rooms.CreateAsync(_zoe, "회의실", RoomKind.Private, default);
        await SendAsync(_ada, _room, "one word");
        await SendAsync(_zoe, _room, "two word @ada");
        await SendAsync(_zoe, other, "three word https://example.org");
        await _site.Conversation.EditAsync(_ada, _room.Id, 1, "one edited word", default);

        foreach (var (query, found) in new[]
        {
            ("word", "three word https://example.org|two word @ada|one edited word"),
            ("word from:ada", "one edited word"),
            ("from:@Zoe in:release-notes", "two word @ada"),
            ("from:me", "three word https://example.org|two word @ada"),
            ("is:mine in:#회의실", "three word https://example.org"),
            ("in:\"Release notes\" in:회의실 word", ""),
            ("has:link", "three word https://example.org"),
            ("is:edited", "one edited word"),
            ("has:file", ""),
            ("word after:yesterday before:today", ""),
            ("word after:today", "three word https://example.org|two word @ada|one edited word"),
            ("word before:2020", ""),
            ("word after:2020-1-1 before:2100-12", "three word https://example.org|two word @ada|one edited word"),
        })
        {
            Assert.Equal((query, found), (query, string.Join('|', (await ReadAsync(_zoe, query)).Results.Select(TextOf))));
        }

        Assert.Equal("two word @ada", TextOf(Assert.Single((await ReadAsync(_ada, "is:mention")).Results)));
    }

    [Theory]
    [InlineData("from:nobody", "SearchPersonUnknown", "nobody")]
    [InlineData("in:nowhere", "SearchRoomUnknown", "nowhere")]
    [InlineData("in:@zoe word", "SearchRoomUnknown", "@zoe")]
    [InlineData("before:soon", "SearchDateUnknown", "soon")]
    [InlineData("after:2026-13-01", "SearchDateUnknown", "2026-13-01")]
    [InlineData("has:pets", "SearchHasUnknown", "pets")]
    [InlineData("is:red", "SearchIsUnknown", "red")]
    [InlineData("from: ada", "SearchFilterEmpty", "from")]
    [InlineData("after:2020", "SearchNeedsWord", "")]
    public async Task A_malformed_filter_is_named(string query, string text, string value)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => ReadAsync(_ada, query));

        Assert.Equal((RefusalCode.Invalid, RoomTexts.Get(text, value).ToString()), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Only_what_one_may_read_is_found()
    {
        var kim = await _site.AddPersonAsync("Kim");
        var secret = await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);
        await _site.Services.GetRequiredService<RoomMembers>().AddAsync(_ada, secret.Id, _zoe.UserId, default);
        var direct = (await _site.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default)).RoomId;
        await SendAsync(_ada, secret, "launch code");
        await SendAsync(_ada, direct, "launch gift");
        await SendAsync(_ada, _room, "launch party");
        await IndexAsync();

        Assert.Equal(["launch party", "launch gift", "launch code"], (await ReadAsync(_zoe, "launch")).Results.Select(TextOf));
        Assert.Equal("launch gift", TextOf(Assert.Single((await ReadAsync(_zoe, "in:@ada launch")).Results)));
        Assert.Equal(["launch party"], (await ReadAsync(kim, "launch")).Results.Select(TextOf));
        Assert.Equal(RefusalCode.Invalid, (await Assert.ThrowsAsync<RefusedException>(() => ReadAsync(kim, "in:secret launch"))).Code);
        Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => ReadAsync(kim, "launch", secret.Id))).Code);
        Assert.Equal(
            RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => ReadAsync(kim, "launch", after: new SearchCursor(secret.Id, 1)))).Code);

        await _site.Services.GetRequiredService<RoomMembers>().RemoveAsync(_ada, secret.Id, _zoe.UserId, default);
        Assert.Equal(["launch party", "launch gift"], (await ReadAsync(_zoe, "launch")).Results.Select(TextOf));
    }

    [Fact]
    public async Task The_index_gives_no_candidates_of_rooms_that_one_may_not_read()
    {
        var secret = await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);
        await SendAsync(_ada, secret, "launch code");
        await IndexAsync();

        var rows = await ScopedIdsAsync("\"launch\"");

        Assert.Empty(rows);
        Assert.Single(await ScopedIdsAsync($"\"{secret.Id}\uE000launch\""));
    }

    [Fact]
    public async Task A_room_that_becomes_private_or_open_is_found_by_those_who_may_read_it()
    {
        var kim = await _site.AddPersonAsync("Kim");
        await SendAsync(_ada, _room, "launch party");
        await IndexAsync();

        await _site.RoomSettings.ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: RoomKind.Private), default);
        Assert.Empty((await ReadAsync(kim, "launch")).Results);
        Assert.Single((await ReadAsync(_zoe, "launch")).Results);
        await IndexAsync();
        Assert.Empty(await ScopedIdsAsync("\"launch\""));
        Assert.Single((await ReadAsync(_zoe, "launch")).Results);

        await _site.RoomSettings.ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: RoomKind.Open), default);
        Assert.Single((await ReadAsync(_zoe, "launch")).Results);
        await IndexAsync();
        Assert.Single((await ReadAsync(kim, "launch")).Results);
    }

    [Fact]
    public async Task An_edit_replaces_and_a_deletion_removes_before_the_index_has_followed()
    {
        await SendAsync(_ada, _room, "first draft");
        await SendAsync(_ada, _room, "second draft");
        await IndexAsync();

        await _site.Conversation.EditAsync(_ada, _room.Id, 1, "final text", default);
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 2, default);
        Assert.Equal("", await FindAsync(_ada, "draft", isIndexed: false));
        Assert.Equal("1", await FindAsync(_ada, "final"));
        Assert.Empty(await ScopedIdsAsync("\"draft\""));
    }

    [Fact]
    public async Task A_deleted_room_leaves_no_entries()
    {
        await SendAsync(_ada, _room, "launch party");
        await IndexAsync();

        await using var db = await _site.OpenAsync();
        Assert.True(await RemoveRowsAsync(db));
        Assert.Empty(await ScopedIdsAsync("\"launch\""));
        Assert.False(await RemoveRowsAsync(db));
        Assert.False(await db.SearchPositions.AnyAsync());

        Task<bool> RemoveRowsAsync(ChatDbContext context) =>
            context.InTransactionAsync(token => RoomRemoval.RemoveRowsAsync(context, _room.Id, [], token), default);
    }

    [Fact]
    public async Task Replies_in_threads_are_found_too()
    {
        await SendAsync(_ada, _room, "root");
        for (var i = 0; i < 25; i++)
            await _site.Conversation.ReplyAsync(_zoe, _room.Id, 1, Guid.NewGuid(), $"launch {i}", [], isInRoom: i == 0, default);

        var first = await ReadAsync(_ada, "launch");
        var second = await ReadAsync(_ada, "launch", after: SearchCursor.Parse(first.Next?.ToString()));

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(i => $"launch {i}"), first.Results.Concat(second.Results).Select(TextOf));
        Assert.All(first.Results, result => Assert.Equal(1, result.Message.ThreadRoot));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Options_of_polls_are_found_also_in_a_place_that_has_indexed_them_without()
    {
        await SendAsync(_ada, _room, "before");
        var polls = _site.Services.GetRequiredService<RoomPolls>();
        await polls.SendAsync(_ada, _room.Id, Guid.NewGuid(), "Lunch?", new PollDraft(["Pizza from the corner", "냉면"], IsAnonymous: true), default);
        Assert.Equal("2", await FindAsync(_zoe, "corner"));
        Assert.Contains("corner", string.Concat((await ReadAsync(_zoe, "corner")).Results[0].Snippet.Select(part => part.Text)), StringComparison.Ordinal);
        await polls.VoteAsync(_zoe, _room.Id, 2, [2], default);
        await SendAsync(_ada, _room, "after");
        Assert.Equal("2", await FindAsync(_zoe, "냉면"));

        // As an earlier version left it.
        await using var db = await _site.OpenAsync();
        var migrator = db.GetService<IMigrator>();
        var names = db.Database.GetMigrations().ToList();
        await migrator.MigrateAsync(names[names.FindIndex(name => name.EndsWith("_SearchedPolls", StringComparison.Ordinal)) - 1]);
        await db.SearchIndex.RemoveAsync(SearchKind.Message, [await db.Messages.Where(message => message.PollState != null).Select(message => message.Id).SingleAsync()], default);
        Assert.Equal("", await FindAsync(_zoe, "냉면"));
        await migrator.MigrateAsync();

        Assert.Equal("2", await FindAsync(_zoe, "냉면"));
    }

    [Fact]
    public async Task Pages_have_each_result_once_newest_first()
    {
        for (var i = 0; i < 45; i++)
            await SendAsync(_ada, _room, $"word {i}");
        await IndexAsync();

        var found = new List<long>();
        SearchCursor? next = null;
        do
        {
            var page = await ReadAsync(_zoe, "word", after: next);
            found.AddRange(page.Results.Select(result => result.Message.Sequence));
            next = page.Next;
            // A message that is sent meanwhile moves nothing.
            await SendAsync(_ada, _room, "word");
            await IndexAsync();
        }
        while (next is not null);

        Assert.Equal(Enumerable.Range(1, 45).Reverse().Select(i => (long)i), found);
    }

    [Fact]
    public async Task Two_followers_of_one_database_write_each_change_once()
    {
        for (var i = 0; i < 300; i++)
            await SendAsync(_ada, _room, $"word {i}");
        await using var other = await _site.AddNodeAsync();

        await Task.WhenAll(IndexAsync(), IndexAsync(other), IndexAsync(), IndexAsync(other));

        Assert.Equal(300, (await ScopedIdsAsync("\"word\"")).Count);
        await using var db = await _site.OpenAsync();
        Assert.Equal(300, (await db.SearchPositions.SingleAsync()).Revision);
        Assert.Equal(1, await _site.Services.GetRequiredService<RoomSearch>().ReadProgressAsync(_zoe, default));
    }

    private static string TextOf(SearchResult result) => result.Message.Markdown;

    private Task<MessageView> SendAsync(ClaimsPrincipal person, RoomView room, string text) => SendAsync(person, room.Id, text);

    private Task<MessageView> SendAsync(ClaimsPrincipal person, int roomId, string text) =>
        _site.Conversation.SendAsync(person, roomId, Guid.NewGuid(), text, default);

    /// <summary>Indexes what is committed. The node's own loop may do a part of it.</summary>
    private async Task IndexAsync(TestDatabase? node = null)
    {
        var follower = (node ?? _site).Services.GetRequiredService<RoomSearchFollower>();
        while (await follower.WriteBatchAsync(default))
        {
            // The next batch.
        }
    }

    private async Task<string> FindAsync(ClaimsPrincipal person, string query, bool isIndexed = true)
    {
        if (isIndexed)
            await IndexAsync();
        return string.Join(' ', (await ReadAsync(person, query, isIndexed: false)).Results.Select(result => result.Message.Sequence));
    }

    private async Task<SearchPage> ReadAsync(
        ClaimsPrincipal person, string query, int? roomId = null, SearchCursor? after = null, bool isIndexed = true)
    {
        if (isIndexed)
            await IndexAsync();
        return await _site.Services.GetRequiredService<RoomSearch>().FindAsync(person, query, roomId, after, TimeZoneInfo.Utc, default);
    }

    private async Task<List<long>> ScopedIdsAsync(string match)
    {
        await using var db = await _site.OpenAsync();
        return await db.Database.SqlQuery<long>($"SELECT rowid AS \"Value\" FROM \"MessageSearch\" WHERE \"MessageSearch\" MATCH {match}").ToListAsync();
    }
}
