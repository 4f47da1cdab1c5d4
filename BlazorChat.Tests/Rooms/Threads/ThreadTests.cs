using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Threads;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Threads;

/// <summary>Replies to a message, and who follows them.</summary>
public sealed class ThreadTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private ThreadDirectory Threads => _site.Services.GetRequiredService<ThreadDirectory>();

    private ThreadFollows Follows => _site.Services.GetRequiredService<ThreadFollows>();

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
    public async Task Replies_are_numbered_in_their_thread_and_have_no_place_in_the_room()
    {
        await SendAsync("one");
        await SendAsync("two");

        var replies = new[] { await ReplyAsync(_zoe, 1, "first"), await ReplyAsync(_ada, 2, "other"), await ReplyAsync(_ada, 1, "second") };
        await SendAsync("three");

        Assert.Equal([(1L, 1L), (2L, 1L), (1L, 2L)], replies.Select(reply => (reply.ThreadRoot!.Value, reply.ReplyNumber!.Value)));
        Assert.Equal([3, 4, 5], replies.Select(reply => reply.Revision));
        var room = await _site.Rooms.FindAsync(_zoe, _room.Id, default);
        Assert.Equal((3, 3), (room!.LastSequence, room.Unread));
        foreach (var page in new[]
        {
            await _site.Conversation.ReadLatestAsync(_zoe, _room.Id, default),
            await _site.Conversation.ReadAfterAsync(_zoe, _room.Id, 0, default),
            await _site.Conversation.ReadBeforeAsync(_zoe, _room.Id, 9, default),
        })
        {
            Assert.Equal([1, 2, 3], page.Messages.Select(message => message.Sequence));
            Assert.Equal([2, 1, null], page.Messages.Select(message => message.Thread?.LastReply));
            Assert.Equal(["Ada", "Zoe"], page.Messages[0].Thread!.Repliers.Select(replier => replier.Name));
            Assert.Equal(6, page.Revision);
        }

        var thread = await Threads.OpenAsync(_zoe, _room.Id, 1, default);
        Assert.Equal("one", thread.Root.Markdown);
        Assert.Equal(["first", "second"], thread.Replies.Select(reply => reply.Markdown));
        Assert.Equal(["second"], (await Threads.ReadAfterAsync(_zoe, _room.Id, 1, 1, default)).Messages.Select(reply => reply.Markdown));
        Assert.Equal(["first"], (await Threads.ReadBeforeAsync(_zoe, _room.Id, 1, 2, default)).Messages.Select(reply => reply.Markdown));
    }

    [Fact]
    public async Task A_reply_that_the_room_shows_too_is_one_message_with_both_numbers()
    {
        await SendAsync("root");
        await ReplyAsync(_zoe, 1, "quiet");

        var reply = await ReplyAsync(_zoe, 1, "for all", isInRoom: true);
        await _site.Conversation.EditAsync(_zoe, _room.Id, 2, "for everyone", default);

        Assert.Equal((2, 1, 2), (reply.Sequence, reply.ThreadRoot, reply.ReplyNumber));
        var page = await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default);
        Assert.Equal([("root", null), ("for everyone", (long?)1)], page.Messages.Select(message => (message.Markdown, message.ThreadRoot)));
        Assert.Equal(["quiet", "for everyone"], (await Threads.OpenAsync(_ada, _room.Id, 1, default)).Replies.Select(shown => shown.Markdown));
        Assert.Equal(1, (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.Unread);
    }

    [Fact]
    public async Task A_repeated_reply_is_one_reply_and_its_id_fits_nowhere_else()
    {
        await SendAsync("root");
        await SendAsync("other");
        var id = Guid.NewGuid();

        var first = await ReplyAsync(_zoe, 1, "hello", id: id);
        var again = await ReplyAsync(_zoe, 1, "hello", id: id);

        Assert.Equal((first.Sequence, first.Revision, 1), (again.Sequence, again.Revision, again.ReplyNumber));
        await RefusedAsync(RefusalCode.Conflict, () => ReplyAsync(_zoe, 2, "hello", id: id));
        await RefusedAsync(RefusalCode.Conflict, () => ReplyAsync(_zoe, 1, "hello", isInRoom: true, id: id));
        await RefusedAsync(RefusalCode.Conflict, () => _site.Conversation.SendAsync(_zoe, _room.Id, id, "hello", default));
    }

    [Fact]
    public async Task Nobody_replies_to_a_deleted_message_to_a_reply_or_in_an_archived_room()
    {
        await SendAsync("root");
        await ReplyAsync(_zoe, 1, "shown", isInRoom: true);
        await RefusedAsync(RefusalCode.Invalid, () => ReplyAsync(_ada, 2, "to a reply"));
        await RefusedAsync(RefusalCode.NotFound, () => ReplyAsync(_ada, 9, "to nothing"));
        await RefusedAsync(RefusalCode.Forbidden, async () => await ReplyAsync(await _site.AddPersonAsync("Guest"), 1, "no member"));

        await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        var refused = await RefusedAsync(RefusalCode.NotFound, () => ReplyAsync(_zoe, 1, "too late"));
        Assert.Equal("This message was deleted. You can't reply to it.", refused.Message);

        var thread = await Threads.OpenAsync(_zoe, _room.Id, 1, default);
        Assert.NotNull(thread.Root.DeletedAt);
        Assert.Equal(["shown"], thread.Replies.Select(reply => reply.Markdown));
        await SendAsync("another root");
        await _site.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default);
        await RefusedAsync(RefusalCode.Archived, () => ReplyAsync(_ada, 3, "archived"));
    }

    [Fact]
    public async Task A_reply_is_edited_and_deleted_like_a_message_and_keeps_its_number()
    {
        await SendAsync("root");
        await ReplyAsync(_zoe, 1, "one");
        var reply = await ReplyAsync(_zoe, 1, "two");
        var key = await Threads.FindSequenceAsync(_room.Id, 1, 2, default);

        await RefusedAsync(RefusalCode.Forbidden, () => _site.Conversation.EditAsync(_ada, _room.Id, key, "not yours", default));
        await _site.Conversation.EditAsync(_zoe, _room.Id, key, "zwei", default);
        await _site.Conversation.DeleteAsync(_ada, _room.Id, reply.Sequence, default);
        await ReplyAsync(_ada, 1, "three");

        Assert.Equal(0, await Threads.FindSequenceAsync(_room.Id, 1, 9, default));
        var thread = await Threads.OpenAsync(_zoe, _room.Id, 1, default);
        Assert.Equal([(1, "one"), (2, ""), (3, "three")], thread.Replies.Select(shown => ((int)shown.ReplyNumber!.Value, shown.Markdown)));
        Assert.Equal(3, thread.Root.Thread!.LastReply);
    }

    [Fact]
    public async Task Authors_and_people_who_are_mentioned_follow_the_thread_and_each_reads_on_their_own()
    {
        var kim = await _site.AddPersonAsync("Kim");
        await _site.Rooms.JoinAsync(kim, _room.Id, default);
        await SendAsync("root");
        await ReplyAsync(_zoe, 1, "one");
        await ReplyAsync(_zoe, 1, "two");
        var reply = await ReplyAsync(_zoe, 1, "hi @kim");

        Assert.Equal([("Ada", 3), ("Kim", 1), ("Zoe", 0)], await UnreadAsync(kim));
        await Follows.MarkReadAsync(_ada, _room.Id, 1, 2, default);
        await Follows.MarkReadAsync(_ada, _room.Id, 1, 1, default);
        await Follows.MarkReadAsync(kim, _room.Id, 1, 99, default);
        Assert.Equal([("Ada", 1), ("Kim", 0), ("Zoe", 0)], await UnreadAsync(kim));

        await Follows.UnfollowAsync(kim, _room.Id, 1, default);
        await ReplyAsync(_ada, 1, "four");
        Assert.Equal([("Ada", 0), ("Zoe", 1)], await UnreadAsync(kim));
        await _site.Conversation.EditAsync(_zoe, _room.Id, reply.Sequence, "hello @kim", default);
        Assert.Equal([("Ada", 0), ("Zoe", 1)], await UnreadAsync(kim));
        await Follows.FollowAsync(kim, _room.Id, 1, default);
        await Follows.FollowAsync(kim, _room.Id, 1, default);
        await ReplyAsync(_zoe, 1, "five");
        Assert.Equal([("Ada", 1), ("Kim", 1), ("Zoe", 0)], await UnreadAsync(kim));
    }

    [Fact]
    public async Task A_person_whom_an_edit_mentions_follows_the_thread()
    {
        await SendAsync("root");
        var reply = await ReplyAsync(_ada, 1, "hi");

        await _site.Conversation.EditAsync(_ada, _room.Id, reply.Sequence, "hi @zoe", default);

        Assert.Equal([("Ada", 0), ("Zoe", 1)], await UnreadAsync(_zoe));
    }

    [Fact]
    public async Task Followed_threads_are_listed_by_their_newest_replies_in_pages()
    {
        for (var root = 1; root <= ThreadDirectory.ListSize + 2; root++)
        {
            await SendAsync($"root {root}");
            await ReplyAsync(_zoe, root, $"reply {root}");
        }

        await ReplyAsync(_zoe, 1, "again");
        var first = await Threads.ListAsync(_ada, before: null, default);
        var rest = await Threads.ListAsync(_ada, (first[^1].Newest.Thread!.LastReplyAt, first[^1].Id), default);

        Assert.Equal(("root 1", "again", 2, "Room"), (first[0].Root.Markdown, first[0].Newest.Markdown, first[0].Unread, first[0].RoomName));
        Assert.Equal(
            [1, .. Enumerable.Range(2, ThreadDirectory.ListSize + 1).Reverse().Select(root => (long)root)],
            first.Concat(rest).Select(thread => thread.Root.Sequence));
    }

    [Fact]
    public async Task Threads_of_a_room_that_one_left_or_that_is_archived_are_not_listed()
    {
        await SendAsync("root");
        await ReplyAsync(_zoe, 1, "one");

        await _site.Owners.LeaveAsync(_zoe, _room.Id, newOwnerId: null, default);
        Assert.Empty(await Threads.ListAsync(_zoe, before: null, default));
        await RefusedAsync(RefusalCode.Forbidden, () => Follows.MarkReadAsync(_zoe, _room.Id, 1, 1, default));
        Assert.Single(await Threads.ListAsync(_ada, before: null, default));
        await _site.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default);
        Assert.Empty(await Threads.ListAsync(_ada, before: null, default));
    }

    [Fact]
    public async Task The_threads_of_one_room_are_listed_alone()
    {
        var other = await _site.Rooms.CreateAsync(_ada, "Other", default);
        await _site.Conversation.SendAsync(_ada, other.Id, Guid.NewGuid(), "root", default);
        await _site.Conversation.ReplyAsync(_ada, other.Id, 1, Guid.NewGuid(), "there", [], isInRoom: false, default);
        await SendAsync("root");
        await ReplyAsync(_ada, 1, "here");

        Assert.Equal(["here"], (await Threads.ListAsync(_ada, _room.Id, before: null, default)).Select(thread => thread.Newest.Markdown));
        Assert.Equal(2, (await Threads.ListAsync(_ada, before: null, default)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_member_who_left_or_was_removed_and_joins_again_follows_nothing(bool isRemoved)
    {
        await SendAsync("root");
        await ReplyAsync(_zoe, 1, "one");
        await _site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "of Zoe", default);

        await (isRemoved
            ? _site.Services.GetRequiredService<RoomMembers>().RemoveAsync(_ada, _room.Id, _zoe.UserId, default)
            : _site.Owners.LeaveAsync(_zoe, _room.Id, newOwnerId: null, default));
        // The first reply would follow the thread for the author of the message.
        await ReplyAsync(_ada, 2, "to nobody");
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
        await ReplyAsync(_ada, 1, "two");

        Assert.Empty(await Threads.ListAsync(_zoe, before: null, default));
        Assert.Equal(2, (await Threads.ListAsync(_ada, before: null, default)).Count);
    }

    [Fact]
    public async Task A_private_room_reveals_no_thread()
    {
        var room = await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);
        await _site.Conversation.SendAsync(_ada, room.Id, Guid.NewGuid(), "root", default);
        await _site.Conversation.ReplyAsync(_ada, room.Id, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);

        var refused = new[]
        {
            await RefusedAsync(RefusalCode.NotFound, () => Threads.OpenAsync(_zoe, room.Id, 1, default)),
            await RefusedAsync(RefusalCode.NotFound, () => Threads.ReadAfterAsync(_zoe, room.Id, 1, 0, default)),
            await RefusedAsync(RefusalCode.NotFound, () => Follows.FollowAsync(_zoe, room.Id, 1, default)),
            await RefusedAsync(RefusalCode.NotFound, () => Follows.MarkReadAsync(_zoe, room.Id, 1, 1, default)),
            await RefusedAsync(RefusalCode.NotFound, () => _site.Conversation.ReplyAsync(_zoe, room.Id, 1, Guid.NewGuid(), "x", [], isInRoom: false, default)),
            await RefusedAsync(RefusalCode.NotFound, () => Threads.OpenAsync(_zoe, 999, 1, default)),
        };

        Assert.Single(refused.Select(refusal => refusal.Message).Distinct());
    }

    [Fact]
    public async Task A_mention_in_a_reply_is_listed_and_is_no_unread_mention_of_the_room()
    {
        await SendAsync("root");
        await ReplyAsync(_ada, 1, "hi @zoe");

        var mention = Assert.Single(await _site.Mentions.ListAsync(_zoe, before: null, default));
        Assert.Equal((1, 1, "hi @zoe"), (mention.Message.ThreadRoot, mention.Message.ReplyNumber, mention.Message.Markdown));
        Assert.Empty(await _site.MentionCounts.ReadAsync(_zoe, default));
    }

    [Fact]
    public async Task A_deleted_room_is_removed_with_its_threads()
    {
        await SendAsync("root");
        await ReplyAsync(_zoe, 1, "hi @ada");
        await using var db = await _site.OpenAsync();

        while (await RoomRemoval.RemoveRowsAsync(db, _room.Id, [], default))
        {
        }

        Assert.Equal((0, 0, 0), (await db.Messages.CountAsync(), await db.Threads.CountAsync(), await db.ThreadFollows.CountAsync()));
    }

    /// <summary>The numbers of unread replies in the first thread, of those who follow it.</summary>
    private async Task<IEnumerable<(string Name, int Unread)>> UnreadAsync(ClaimsPrincipal kim)
    {
        var unread = new List<(string, int)>();
        foreach (var (name, person) in new[] { ("Ada", _ada), ("Kim", kim), ("Zoe", _zoe) }.DistinctBy(person => person.Item2.UserId))
        {
            if (await Threads.ListAsync(person, before: null, default) is [{ Root.Sequence: 1 } thread])
                unread.Add((person == _zoe ? "Zoe" : name, (int)thread.Unread));
        }

        return unread;
    }

    private Task<MessageView> SendAsync(string text) => _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default);

    private Task<MessageView> ReplyAsync(ClaimsPrincipal author, long root, string text, bool isInRoom = false, Guid? id = null) =>
        _site.Conversation.ReplyAsync(author, _room.Id, root, id ?? Guid.NewGuid(), text, [], isInRoom, default);

    private static async Task<RefusedException> RefusedAsync(RefusalCode code, Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        Assert.Equal(code, refused.Code);
        return refused;
    }
}
