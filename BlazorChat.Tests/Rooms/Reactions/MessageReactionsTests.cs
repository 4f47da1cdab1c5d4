using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Threads;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Reactions;

/// <summary>Reactions as rows, as a message shows them, and in the feed.</summary>
public sealed class MessageReactionsTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private MessageReactions Reactions => _site.Services.GetRequiredService<MessageReactions>();

    private ThreadDirectory Threads => _site.Services.GetRequiredService<ThreadDirectory>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
        await SendAsync(_ada, "hello");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_reaction_is_a_row_and_a_change_of_its_message_but_no_edit_and_nothing_unread()
    {
        var before = await _site.Rooms.FindAsync(_zoe, _room.Id, default);

        var message = await Reactions.AddAsync(_ada, _room.Id, 1, "👍", default);

        Assert.Equal((2, 1, (DateTime?)null), (message.Revision, message.Sequence, message.EditedAt));
        Assert.Equal([new ReactionView("👍", 1, [new NamedPerson(_ada.UserId, "Ada")])], message.Reactions);
        Assert.Equal([(1L, _ada.UserId, "👍")], await RowsAsync());
        var read = await ReadAsync();
        Assert.Equal(message.Reactions, read.Reactions);
        Assert.Equal(message.Revision, read.Revision);
        var after = await _site.Rooms.FindAsync(_zoe, _room.Id, default);
        Assert.Equal((before!.Unread, before.LastSequence), (after!.Unread, after.LastSequence));
    }

    [Fact]
    public async Task A_repeated_command_changes_nothing()
    {
        await Reactions.AddAsync(_zoe, _room.Id, 1, "🎉", default);
        var again = await Reactions.AddAsync(_zoe, _room.Id, 1, "🎉", default);
        await Reactions.RemoveAsync(_ada, _room.Id, 1, "🎉", default);
        var removed = await Reactions.RemoveAsync(_zoe, _room.Id, 1, "🎉", default);
        var removedAgain = await Reactions.RemoveAsync(_zoe, _room.Id, 1, "🎉", default);

        Assert.Equal((2, 3, 3), (again.Revision, removed.Revision, removedAgain.Revision));
        Assert.Equal(1, Assert.Single(again.Reactions!).Count);
        Assert.Null(removed.Reactions);
        Assert.Empty(await RowsAsync());
        Assert.Null((await ReadAsync()).Reactions);
    }

    [Fact]
    public async Task Emoji_stay_in_the_order_of_their_first_choice_and_a_later_reader_gets_them_by_revision()
    {
        await Reactions.AddAsync(_zoe, _room.Id, 1, "❤", default);
        await SendAsync(_ada, "second");
        var seen = (await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Revision;
        await Reactions.AddAsync(_ada, _room.Id, 1, "👍🏽", default);
        await Reactions.AddAsync(_ada, _room.Id, 1, "❤️", default);
        await Reactions.RemoveAsync(_zoe, _room.Id, 1, "❤️", default);

        await using var follower = new Follower<MessageChanged>(stop => _site.Conversation.FollowAsync(_zoe, _room.Id, seen, stop));
        await follower.WaitForAsync(6);

        var message = follower.Changes[^1].Message;
        Assert.Equal((1, "hello"), (message.Sequence, message.Markdown));
        Assert.Equal([("❤️", 1, "Ada"), ("👍🏽", 1, "Ada")], message.Reactions!.Select(r => (r.Emoji, r.Count, Assert.Single(r.People).Name)));
    }

    [Fact]
    public async Task An_edit_keeps_the_reactions_and_a_deletion_removes_them()
    {
        await Reactions.AddAsync(_zoe, _room.Id, 1, "👍", default);

        var edited = await _site.Conversation.EditAsync(_ada, _room.Id, 1, "changed", default);
        Assert.Equal("Zoe", Assert.Single(Assert.Single(edited.Reactions!).People).Name);
        var deleted = await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);

        Assert.Null(deleted.Reactions);
        Assert.Empty(await RowsAsync());
        Assert.Equal("NotFound This message was deleted. You can't react to it.", await RefusedAsync(() => Reactions.AddAsync(_zoe, _room.Id, 1, "👍", default)));
        Assert.Null((await ReadAsync()).Reactions);
    }

    [Fact]
    public async Task A_reply_is_reacted_to_by_its_key()
    {
        var reply = await _site.Conversation.ReplyAsync(_zoe, _room.Id, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);
        Assert.True(reply.Sequence < 0);

        await Reactions.AddAsync(_ada, _room.Id, reply.Sequence, "👀", default);

        var shown = Assert.Single((await Threads.OpenAsync(_zoe, _room.Id, 1, default)).Replies);
        Assert.Equal(("👀", "Ada"), (shown.Reactions![0].Emoji, shown.Reactions[0].People[0].Name));
        Assert.Equal(reply.Sequence, shown.InThread().Key);
        Assert.Null((await ReadAsync()).Reactions);
    }

    [Fact]
    public async Task Who_may_not_write_may_not_react()
    {
        var guest = await _site.AddPersonAsync("Guest");
        var hidden = await _site.Rooms.CreateAsync(_ada, "Hidden", RoomKind.Private, default);
        await _site.Conversation.SendAsync(_ada, hidden.Id, Guid.NewGuid(), "x", default);

        Assert.StartsWith("Forbidden ", await RefusedAsync(() => Reactions.AddAsync(guest, _room.Id, 1, "👍", default)), StringComparison.Ordinal);
        Assert.StartsWith("NotFound ", await RefusedAsync(() => Reactions.AddAsync(guest, hidden.Id, 1, "👍", default)), StringComparison.Ordinal);
        Assert.StartsWith("NotFound ", await RefusedAsync(() => Reactions.AddAsync(_zoe, _room.Id, 99, "👍", default)), StringComparison.Ordinal);
        Assert.StartsWith("NotFound ", await RefusedAsync(() => Reactions.AddAsync(_zoe, _room.Id, 0, "👍", default)), StringComparison.Ordinal);
        await _site.Services.GetRequiredService<RoomLifecycle>().ArchiveAsync(_ada, _room.Id, default);
        Assert.StartsWith("Archived ", await RefusedAsync(() => Reactions.AddAsync(_zoe, _room.Id, 1, "👍", default)), StringComparison.Ordinal);
        Assert.Empty(await RowsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData("👍👍")]
    [InlineData("👍 ")]
    [InlineData("🏽")]
    [InlineData("🇰🇰")]
    [InlineData(":tada:")]
    public async Task What_is_no_emoji_is_refused(string text) => Assert.Equal(
        "Invalid This isn't an emoji that you can react with.", await RefusedAsync(() => Reactions.AddAsync(_zoe, _room.Id, 1, text, default)));

    [Fact]
    public async Task A_message_has_a_bounded_number_of_emoji_each_of_which_everybody_may_choose()
    {
        string[] emoji = [.. "😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙".EnumerateRunes().Select(rune => rune.ToString())];
        Assert.Equal(ReactionView.MaxEmoji, emoji.Length);
        foreach (var one in emoji)
            await Reactions.AddAsync(_ada, _room.Id, 1, one, default);

        Assert.Equal("Conflict A message can have at most 20 different emoji.", await RefusedAsync(() => Reactions.AddAsync(_zoe, _room.Id, 1, "👍", default)));
        await Reactions.AddAsync(_zoe, _room.Id, 1, emoji[3], default);
        await Reactions.RemoveAsync(_ada, _room.Id, 1, emoji[0], default);
        var message = await Reactions.AddAsync(_zoe, _room.Id, 1, "👍", default);

        Assert.Equal([.. emoji[1..], "👍"], message.Reactions!.Select(reaction => reaction.Emoji));
        Assert.Equal(2, message.Reactions![2].Count);
    }

    [Fact]
    public async Task Many_reactions_at_once_are_one_revision_and_name_the_first_people()
    {
        const int people = ReactionView.MaxPeople + 5;
        var crowd = new List<ClaimsPrincipal>();
        for (var i = 0; i < people; i++)
        {
            crowd.Add(await _site.AddPersonAsync($"Person {i}"));
            await _site.Rooms.JoinAsync(crowd[i], _room.Id, default);
        }

        await using var follower = new Follower<MessageChanged>(stop => _site.Conversation.FollowAsync(_zoe, _room.Id, 1, stop));
        Task<MessageView>[] all;
        await using (var db = await _site.OpenAsync())
        {
            // The first commit waits for the lock, and the others for the first.
            using var held = await db.AcquireWriteLockAsync(default);
            all = [.. crowd.Select(person => Reactions.AddAsync(person, _room.Id, 1, "🎉", default)), Reactions.RemoveAsync(_zoe, _room.Id, 1, "🎉", default)];
        }

        var answers = await Task.WhenAll(all);

        var newest = answers.Max(answer => answer.Revision);
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The lock is SQLite's.");
        Assert.InRange(newest, 2, 3);
        var read = Assert.Single((await ReadAsync()).Reactions!);
        Assert.Equal((people, ReactionView.MaxPeople, true), (read.Count, read.People.Count, read.HasOthers));
        Assert.Equal(crowd[..ReactionView.MaxPeople].Select(person => person.UserId), read.People.Select(person => person.PersonId));
        // Each answer of the last commit has the reactions of all of it, and so has the event.
        Assert.All(answers.Where(answer => answer.Revision == newest), answer => Assert.Equal(read, Assert.Single(answer.Reactions!)));
        await follower.WaitForAsync(newest);
        Assert.Equal(read, Assert.Single(follower.Changes[^1].Message.Reactions!));

        // The people after those who are named follow them.
        var others = await Reactions.RemoveAsync(crowd[2], _room.Id, 1, "🎉", default);
        Assert.Equal(
            [.. crowd[..2], .. crowd[3..(ReactionView.MaxPeople + 1)]], others.Reactions![0].People.Select(person => crowd.Single(one => one.UserId == person.PersonId)));
        Assert.All(others.Reactions[0].People, person => Assert.StartsWith("Person ", person.Name, StringComparison.Ordinal));

        var own = _site.Services.GetRequiredService<OwnReactions>();
        Assert.Equal([new OwnMark<string>(crowd[^1].UserId, 1, "🎉")], await own.FindAsync(crowd[^1], _room.Id, [1, 2], default));
        Assert.Empty(await own.FindAsync(_zoe, _room.Id, [1], default));
        await _site.Services.GetRequiredService<RoomSettings>().ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: RoomKind.Private), default);
        await _site.Owners.LeaveAsync(crowd[^1], _room.Id, newOwnerId: null, default);
        Assert.Empty(await own.FindAsync(crowd[^1], _room.Id, [1], default));
    }

    [Fact]
    public async Task A_new_name_is_shown_without_a_change_of_the_message()
    {
        await Reactions.AddAsync(_zoe, _room.Id, 1, "👍", default);
        var message = await ReadAsync();
        Assert.Contains(_zoe.UserId, message.PersonIds);

        var renamed = message.By(new Dictionary<int, MessageAuthor> { [_zoe.UserId] = new("Zoë", null, false, "zoe") });

        Assert.Equal("Zoë", renamed.Reactions![0].People[0].Name);
        Assert.Same(message, message.By(new Dictionary<int, MessageAuthor> { [_zoe.UserId] = new("Zoe", null, false, "zoe") }));
    }

    private async Task<MessageView> ReadAsync() => (await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages[0];

    private Task<MessageView> SendAsync(ClaimsPrincipal person, string text) =>
        _site.Conversation.SendAsync(person, _room.Id, Guid.NewGuid(), text, default);

    private async Task<(long, int, string)[]> RowsAsync()
    {
        await using var db = await _site.OpenAsync();
        var rows = await db.Reactions.OrderBy(row => row.Id).ToListAsync();
        return [.. rows.Select(row => (row.Sequence, row.UserId, row.Emoji))];
    }

    private static async Task<string> RefusedAsync(Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        return $"{refused.Code} {refused.Message}";
    }
}
