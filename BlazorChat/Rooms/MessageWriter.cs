using BlazorChat.Channels;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms;

/// <summary>A message that has been checked and rendered, to be kept.</summary>
internal sealed record NewMessage(int RoomId, int AuthorId, Guid ClientMessageId, string Markdown, string Html);

/// <summary>
/// Keeps messages: those of many senders in one transaction, each with the next sequence and revision of its room, published
/// in that order after the commit.
/// </summary>
internal sealed class MessageWriter(IDbContextFactory<ChatDbContext> databases, IChannelLayer layer, TimeProvider time)
    : GroupCommit<NewMessage, MessageView>
{
    /// <summary>Returns the message as it was kept; the first one when it was sent before.</summary>
    /// <exception cref="RefusedException">No such room, or the author is not a member of it.</exception>
    public Task<MessageView> KeepAsync(NewMessage message, CancellationToken cancellationToken) => WriteAsync(message, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(
        IReadOnlyList<NewMessage> writes, CancellationToken cancellationToken)
    {
        await using var strategySource = await databases.CreateDbContextAsync(cancellationToken);
        var outcomes = await strategySource.Database.CreateExecutionStrategy().ExecuteAsync(
            token => TryCommitAsync(writes, token), cancellationToken);

        // A repeated message is published again: the node that kept it first may have died before it could.
        foreach (var message in outcomes.Select(outcome => outcome.Result).OfType<MessageView>().Distinct())
            await layer.PublishAsync(RoomGroups.Room(message.RoomId), new MessageChanged(message), cancellationToken);
        return outcomes;
    }

    private async Task<Outcome[]> TryCommitAsync(IReadOnlyList<NewMessage> writes, CancellationToken cancellationToken)
    {
        var roomIds = writes.Select(write => write.RoomId).Distinct().Order().ToArray();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // Writing the rooms first locks them, so that nobody else takes the numbers that are read next.
        await db.Rooms.Where(room => roomIds.Contains(room.Id)).ExecuteUpdateAsync(
            room => room.SetProperty(r => r.LastRevision, r => r.LastRevision), cancellationToken);
        var known = await ReadKnownAsync(db, writes, cancellationToken);
        var rooms = await db.Rooms.Where(room => roomIds.Contains(room.Id)).ToDictionaryAsync(room => room.Id, cancellationToken);
        var authors = await ReadAuthorsAsync(db, roomIds, writes, cancellationToken);

        var outcomes = new Outcome[writes.Count];
        for (var i = 0; i < writes.Count; i++)
        {
            var write = writes[i];
            var key = (write.AuthorId, write.ClientMessageId);
            if (known.TryGetValue(key, out var first))
            {
                outcomes[i] = new Outcome(first);
                continue;
            }

            if (Refuse(write, rooms.GetValueOrDefault(write.RoomId), authors) is { } refusal)
            {
                outcomes[i] = new Outcome(refusal);
                continue;
            }

            var message = Add(db, rooms[write.RoomId], write, authors[(write.RoomId, write.AuthorId)]);
            known.Add(key, message);
            outcomes[i] = new Outcome(message);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcomes;
    }

    private MessageView Add(ChatDbContext db, Room room, NewMessage write, string authorName)
    {
        room.LastSequence++;
        room.LastRevision++;
        var message = new Message
        {
            RoomId = room.Id,
            Sequence = room.LastSequence,
            Revision = room.LastRevision,
            AuthorId = write.AuthorId,
            ClientMessageId = write.ClientMessageId,
            Markdown = write.Markdown,
            Html = write.Html,
            SentAt = time.GetUtcNow().UtcDateTime,
        };
        db.Add(message);
        return new MessageView(
            message.RoomId,
            message.Sequence,
            message.Revision,
            message.AuthorId,
            authorName,
            message.ClientMessageId,
            message.Markdown,
            message.Html,
            message.SentAt);
    }

    private static async Task<Dictionary<(int AuthorId, Guid ClientMessageId), MessageView>> ReadKnownAsync(
        ChatDbContext db, IReadOnlyList<NewMessage> writes, CancellationToken cancellationToken)
    {
        var authorIds = writes.Select(write => write.AuthorId).Distinct().ToArray();
        var ids = writes.Select(write => write.ClientMessageId).Distinct().ToArray();
        return await db.Messages
            .Where(message => authorIds.Contains(message.AuthorId) && ids.Contains(message.ClientMessageId))
            .Select(MessageView.FromMessage)
            .ToDictionaryAsync(message => (message.AuthorId, message.ClientMessageId), cancellationToken);
    }

    /// <summary>Who of the authors is a member where, with the name that readers see.</summary>
    private static async Task<Dictionary<(int RoomId, int AuthorId), string>> ReadAuthorsAsync(
        ChatDbContext db, int[] roomIds, IReadOnlyList<NewMessage> writes, CancellationToken cancellationToken)
    {
        var authorIds = writes.Select(write => write.AuthorId).Distinct().ToArray();
        return await db.Memberships
            .Where(membership => roomIds.Contains(membership.RoomId) && authorIds.Contains(membership.UserId))
            .Select(membership => new { membership.RoomId, membership.UserId, membership.User!.DisplayName })
            .ToDictionaryAsync(
                membership => (membership.RoomId, membership.UserId), membership => membership.DisplayName, cancellationToken);
    }

    private static RefusedException? Refuse(
        NewMessage write, Room? room, Dictionary<(int RoomId, int AuthorId), string> authors)
    {
        if (room is not null && authors.ContainsKey((write.RoomId, write.AuthorId)))
            return null;
        return room is { Kind: RoomKind.Open }
            ? new RefusedException(RefusalCode.Forbidden, "Join the room to write in it.")
            : RoomDirectory.NotFound();
    }
}
