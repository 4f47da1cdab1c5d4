using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Threads;

/// <summary>A person asks for the unread replies of a thread.</summary>
internal sealed record UnreadQuestion(int UserId, ThreadKey Thread);

/// <summary>
/// Reads the replies of a thread that a follower has not read and that only the thread shows. Simultaneous requests, as after a reply, share their
/// queries.
/// </summary>
internal sealed class UnreadReplies(IDbContextFactory<ChatDbContext> databases) : GroupCommit<UnreadQuestion, IReadOnlyList<MessageView>>
{
    /// <summary>The most replies of an answer, the newest ones.</summary>
    public const int MaxReplies = 50;

    /// <summary>Oldest first; none for a person who does not follow the thread or is not a member of its room, and in an archived room.</summary>
    public Task<IReadOnlyList<MessageView>> ReadAsync(ClaimsPrincipal follower, ThreadKey thread, CancellationToken cancellationToken) =>
        WriteAsync(new UnreadQuestion(follower.UserId, thread), cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<UnreadQuestion> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var answers = new Dictionary<UnreadQuestion, IReadOnlyList<MessageView>>();
        foreach (var questions in writes.Distinct().GroupBy(question => question.Thread))
        {
            var (roomId, root) = questions.Key;
            var follows = await ThreadFollows.CountedOf(db, [.. questions.Select(question => question.UserId)])
                .Where(follow => follow.Thread!.RoomId == roomId && follow.Thread.RootSequence == root)
                .Select(follow => new { follow.UserId, follow.LastReadReply })
                .ToDictionaryAsync(follow => follow.UserId, follow => follow.LastReadReply, cancellationToken);
            if (follows.Count == 0)
                continue;
            var after = follows.Values.Min();
            var replies = await db.Messages.AsNoTracking()
                .Where(reply => reply.RoomId == roomId && reply.ThreadRoot == root && reply.ReplyNumber > after && reply.Sequence < 0)
                .OrderByDescending(reply => reply.ReplyNumber)
                .Take(MaxReplies)
                .Select(MessageView.FromMessage)
                .ToListAsync(cancellationToken);
            replies.Reverse();
            var named = await MentionNames.AddAsync(db, replies, cancellationToken);
            foreach (var question in questions)
            {
                if (follows.TryGetValue(question.UserId, out var read))
                    answers[question] = [.. named.Where(reply => reply.ReplyNumber > read)];
            }
        }

        return [.. writes.Select(question => new Outcome(answers.GetValueOrDefault(question, [])))];
    }
}
