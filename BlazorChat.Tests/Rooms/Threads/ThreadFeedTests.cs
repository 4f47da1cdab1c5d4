using System.Security.Claims;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Threads;
using BlazorChat.Tests.Feeds;
using CsCheck;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Threads;

/// <summary>Threads and reactions over two nodes, one database and one real Redis.</summary>
[Trait("Speed", "Slow")]
public sealed class ThreadFeedTests : IAsyncLifetime
{
    private const int Roots = 3;

    private static readonly string[] Emoji = ["👍", "🎉", "❤️"];

    private RedisServer _redis = default!;
    private TestDatabase _here = default!;
    private TestDatabase _there = default!;
    private ClaimsPrincipal[] _people = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _here = await TestDatabase.CreateAsync(_redis.ConnectionString);
        _there = await _here.AddNodeAsync();
        _people = [await _here.AddPersonAsync("Ada"), await _here.AddPersonAsync("Zoe"), await _here.AddPersonAsync("김민수"), await _here.AddPersonAsync("Max")];
        _room = await _here.Rooms.CreateAsync(_people[0], "Room", default);
        foreach (var person in _people[1..])
            await _here.Rooms.JoinAsync(person, _room.Id, default);
        for (var root = 1; root <= Roots; root++)
            await _here.Conversation.SendAsync(_people[0], _room.Id, Guid.NewGuid(), $"root {root}", default);
    }

    public async ValueTask DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
        await _redis.DisposeAsync();
    }

    /// <summary>Random replies, edits, reactions and deletions from two nodes at once: every follower ends with what the database has.</summary>
    [Fact]
    public async Task Whatever_is_written_from_two_nodes_every_follower_has_the_same_threads()
    {
        var step = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 3], Gen.Int[1, Roots], Gen.Int[1, 12], Gen.Bool, (kind, person, root, number, isInRoom) => (kind, person, root, number, isInRoom));

        await step.Array[20, 60].SampleAsync(
            async steps =>
            {
                var start = (await _here.Conversation.ReadLatestAsync(_people[0], _room.Id, default)).Revision;
                await using var early = Follow(_here, 0);
                await using var joining = Follow(_there, start);
                await Parallel.ForEachAsync(steps.Index(), async (at, _) => await TryAsync(at.Index % 2 == 0 ? _here : _there, at.Item));
                var truth = await _there.Conversation.ReadLatestAsync(_people[0], _room.Id, default);
                await using var late = Follow(_there, 0);

                foreach (var follower in new[] { early, joining, late })
                {
                    if (truth.Revision > start)
                        await follower.WaitForAsync(truth.Revision);
                    var revisions = follower.Changes.Select(change => change.Revision).ToArray();
                    Assert.Equal(revisions.Distinct().Order(), revisions);
                }

                await CompareAsync(truth, early, late);
                await CompareRowsAsync();
            },
            iter: 12,
            threads: 1);
    }

    /// <summary>What messages show of their reactions follows from the rows.</summary>
    private async Task CompareRowsAsync()
    {
        await using var db = await _here.OpenAsync();
        var rows = await db.Reactions.OrderBy(row => row.Id).ToListAsync();
        var messages = await db.Messages.Where(message => message.Reactions != null).ToListAsync();
        var shown = messages.SelectMany(message => ReactionView.Parse(message.Reactions)!.SelectMany(
            reaction => reaction.People.Select(person => (message.Sequence, reaction.Emoji, person.PersonId, reaction.Count))));
        var stored = rows.GroupBy(row => (row.Sequence, row.Emoji)).SelectMany(group => group.Select(row => (row.Sequence, row.Emoji, row.UserId, group.Count())));
        Assert.Equal(stored.Order(), shown.Order());
    }

    private async Task CompareAsync(MessagePage truth, params Follower<MessageChanged>[] followers)
    {
        foreach (var follower in followers)
        {
            var timeline = new RoomTimeline();
            timeline.Apply(follower.Changes.Select(change => change.Message));
            AssertShows(truth, timeline);
            // Twice, and backwards: nothing changes.
            timeline.Apply(follower.Changes.Reverse().Select(change => change.Message));
            AssertShows(truth, timeline);
            for (var root = 1; root <= Roots; root++)
            {
                var replies = await ReadAllAsync(root);
                Assert.Equal(Enumerable.Range(1, replies.Count).Select(number => (long?)number), replies.Select(reply => reply.ReplyNumber));
                var known = follower.Changes.Select(change => change.Message)
                    .Where(message => message.ThreadRoot == root)
                    .GroupBy(message => message.ReplyNumber)
                    .OrderBy(changes => changes.Key)
                    .Select(changes => changes.MaxBy(message => message.Revision)!)
                    .ToArray();
                Assert.Equal(replies.Select(Facts), known.Select(Facts));
            }
        }
    }

    private static void AssertShows(MessagePage truth, RoomTimeline timeline)
    {
        var shown = timeline.Messages.TakeLast(truth.Messages.Count).ToArray();
        Assert.Equal(truth.Messages.Select(Facts), shown.Select(Facts));
        Assert.Equal(
            truth.Messages.Select(message => message.ThreadRoot is null ? message.Thread : null),
            shown.Select(message => message.ThreadRoot is null ? message.Thread : null));
    }

    private static (long, long, long?, long?, string, bool, string) Facts(MessageView message) => (
        message.Sequence,
        message.Revision,
        message.ThreadRoot,
        message.ReplyNumber,
        message.Markdown,
        message.DeletedAt is null,
        string.Join("; ", message.Reactions?.Select(reaction => $"{reaction.Emoji} {reaction.Count} {string.Join(", ", reaction.People)}") ?? []));

    private async Task<List<MessageView>> ReadAllAsync(long root)
    {
        var threads = _here.Services.GetRequiredService<ThreadDirectory>();
        var replies = new List<MessageView>();
        while (await threads.ReadAfterAsync(_people[0], _room.Id, root, replies.Count, default) is { Messages: { Count: > 0 } page })
            replies.AddRange(page);
        return replies;
    }

    private async Task TryAsync(TestDatabase node, (int Kind, int Person, int Root, int Number, bool IsInRoom) step)
    {
        var (kind, person, root, number, isInRoom) = step;
        var author = _people[person];
        try
        {
            if (kind < 6)
            {
                await node.Conversation.ReplyAsync(author, _room.Id, root, Guid.NewGuid(), $"{person}.{number}", [], isInRoom, default);
                return;
            }

            var sequence = kind is 9 or >= 13 ? root : await node.Services.GetRequiredService<ThreadDirectory>().FindSequenceAsync(_room.Id, root, number, default);
            if (kind is 6 or 7 || (kind == 9 && root > 1))
                await node.Conversation.EditAsync(author, _room.Id, sequence, $"edit {person} {number}", default);
            else if (kind >= 10)
                await node.Services.GetRequiredService<MessageReactions>().SetAsync(author, _room.Id, sequence, Emoji[number % Emoji.Length], isInRoom, default);
            else
                await node.Conversation.DeleteAsync(author, _room.Id, sequence, default);
        }
        catch (BlazorChat.Common.RefusedException)
        {
            // Another person's reply, none that exists, or one that was deleted.
        }
    }

    private Follower<MessageChanged> Follow(TestDatabase node, long after) =>
        new(stop => node.Conversation.FollowAsync(_people[0], _room.Id, after, stop));
}
