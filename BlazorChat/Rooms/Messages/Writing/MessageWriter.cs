using BlazorChat.Accounts.Presence;
using BlazorChat.Attachments.Storage;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Markup;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Links;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Outbox;
using BlazorChat.Rooms.Search.Indexing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>
/// Creates, edits, pins and deletes messages, and the reactions to them and the votes in them, those of many people in one transaction. Each write
/// gets the next revision of its room and is published in that order after the commit.
/// </summary>
internal sealed class MessageWriter(
    IDbContextFactory<ChatDbContext> databases,
    IChannelLayer layer,
    RoomActivity activity,
    ThreadActivity threads,
    DirectRooms directRooms,
    PushOutbox outbox,
    RoomSearchFollower search,
    LinkFinder finder,
    LinkRequests links,
    AttachmentCleaner cleaner,
    PresenceDirectory presence,
    TimeProvider time)
    : GroupCommit<MessageWrite, MessageView?>
{
    private MessageStore? _store;

    /// <summary>
    /// Returns the message after the write. A repeated send, an edit to the same text and a second deletion change nothing.
    /// </summary>
    /// <exception cref="RefusedException">There is no such room or message, or this person has no right to the write.</exception>
    public async Task<MessageView> ApplyAsync(MemberWrite write, CancellationToken cancellationToken)
    {
        if (write is TextWrite text)
        {
            if (HtmlText.HasOutsideLink(text.Html) && finder.Find(text.Markdown) is { Count: > 0 } found)
                write = text = text with { Links = found };
            if (MentionLookup.MentionsHere(text.Html))
                write = text with { Here = await ReadHereAsync(text, cancellationToken) };
        }

        return (await WriteAsync(write, cancellationToken))!;
    }

    /// <summary>Stores the state of thumbnails, and publishes the message that has the attachment.</summary>
    public Task ApplyAsync(ThumbnailChange write, CancellationToken cancellationToken) => WriteAsync(write, cancellationToken);

    /// <summary>Ends a poll whose time has come; one that has ended, or does not exist any more, stays as it is.</summary>
    public Task ApplyAsync(PollEnd write, CancellationToken cancellationToken) => WriteAsync(write, cancellationToken);

    /// <summary>Deletes a message for an admin, whose right the caller has checked. A second call changes nothing.</summary>
    /// <exception cref="RefusedException">There is no such message.</exception>
    public Task ApplyAsync(ModeratorDeletion write, CancellationToken cancellationToken) => WriteAsync(write, cancellationToken);

    /// <summary>Shows the preview of a link.</summary>
    /// <exception cref="RefusedException">There is no such message.</exception>
    public Task ApplyAsync(PreviewChange write, CancellationToken cancellationToken) => WriteAsync(write, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(
        IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        await using var strategySource = await databases.CreateDbContextAsync(cancellationToken);
        var (outcomes, batch) = await strategySource.Database.CreateExecutionStrategy().ExecuteAsync(
            token => TryCommitAsync(writes, token), cancellationToken);

        search.Notify();
        if (batch.NewLinks > 0)
            links.Notify(batch.NewLinks);
        if (batch.MayCall)
            outbox.NotifyMessages();
        if (batch.HasReadByWriting || batch.EndedReminders.Count > 0)
            outbox.NotifyDeliveries();
        await EndedReminder.PublishAsync(layer, batch.EndedReminders);
        // Unchanged messages are published too: the node that wrote them may have stopped before it published them.
        foreach (var message in outcomes.Select(outcome => outcome.Result).OfType<MessageView>().DistinctBy(message => (message.RoomId, message.Revision)))
            await layer.PublishAsync(RoomGroups.Room(message.RoomId), new MessageChanged(message.RoomIsText ? message with { RoomIsText = false } : message), cancellationToken);
        await PublishNewAsync(writes, outcomes, cancellationToken);
        foreach (var (roomId, root, number) in batch.CallingReplies)
            threads.Add(new ThreadKey(roomId, root), number);
        foreach (var roomId in batch.BegunRooms)
            await directRooms.PublishBeginningAsync(roomId);
        await PublishMentionsAsync(batch.Mentions, cancellationToken);
        foreach (var message in writes.Zip(outcomes).Where(pair => pair.First is MessageDeletion or ModeratorDeletion).Select(pair => pair.Second.Result).OfType<MessageView>())
            await layer.PublishAsync(RoomGroups.Activity, new MessageDeleted(message.RoomId, message.Sequence), cancellationToken);
        if (batch.RemovedFiles is { Count: > 0 } removedFiles)
            await cleaner.RemoveUnusedAsync(removedFiles, cancellationToken);
        return outcomes;
    }

    protected override async ValueTask CleanUpAsync()
    {
        if (_store is not { } store)
            return;
        _store = null;
        await store.DisposeAsync();
    }

    private async Task<IReadOnlyList<int>> ReadHereAsync(TextWrite write, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ConnectedMembers.ReadAsync(db, write.RoomId, write.PersonId, presence.IsConnected, cancellationToken);
    }

    private async Task<(Outcome[] Outcomes, MessageBatch Batch)> TryCommitAsync(
        IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var store = _store ??= MessageStore.Of(await databases.CreateDbContextAsync(cancellationToken));
        try
        {
            // SQLite itself would wait for other transactions of this process in growing steps, and miss its turn.
            using var writeLock = await store.Db.AcquireWriteLockAsync(cancellationToken);
            await using var transaction = await store.BeginAsync(cancellationToken);
            var batch = new MessageBatch(await BatchRows.ReadAsync(store, writes, cancellationToken), time.GetUtcNow().UtcDateTime);
            var outcomes = writes.Select(write => Apply(batch, write)).ToArray();
            await batch.SaveAsync(store, cancellationToken);
            foreach (ref var outcome in outcomes.AsSpan())
            {
                if (outcome.Result is { } message)
                    outcome = new Outcome(batch.Complete(message));
            }

            await transaction.CommitAsync(cancellationToken);
            return (outcomes, batch);
        }
        catch
        {
            // The next try gets a new store.
            await CleanUpAsync();
            throw;
        }
    }

    private static Outcome Apply(MessageBatch batch, MessageWrite write)
    {
        try
        {
            return new Outcome(batch.Apply(write));
        }
        catch (RefusedException refused)
        {
            return new Outcome(refused);
        }
    }

    /// <summary>Publishes who was mentioned, or is no longer. A mention of many members is one event, however many they are.</summary>
    private async Task PublishMentionsAsync(MentionChanges mentions, CancellationToken cancellationToken)
    {
        foreach (var changed in mentions.Changed)
        {
            if (changed.UserId is { } personId)
                await layer.PublishAsync(RoomGroups.User(personId), changed, cancellationToken);
            else
                await layer.PublishAsync(RoomGroups.Mentions, changed, cancellationToken);
        }
    }

    /// <summary>Publishes the read positions of the authors of new messages, and the activity of their rooms and threads.</summary>
    private async Task PublishNewAsync(
        IReadOnlyList<MessageWrite> writes, IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken)
    {
        var newest = writes.Zip(outcomes)
            .Where(pair => pair is (NewMessage, { Result: { IsInRoom: true } }))
            .GroupBy(
                pair => (pair.Second.Result!.RoomId, pair.Second.Result.AuthorId, ((NewMessage)pair.First).IsScheduled),
                pair => pair.Second.Result!.Sequence);
        foreach (var sequences in newest)
        {
            var (roomId, authorId, isScheduled) = sequences.Key;
            if (!isScheduled)
                await layer.PublishAsync(RoomGroups.User(authorId), new RoomRead(roomId, sequences.Max()), cancellationToken);
            activity.Add(roomId, sequences.Max());
        }

        foreach (var reply in writes.Zip(outcomes).Where(pair => pair.First is NewMessage { ThreadRoot: not null }).Select(pair => pair.Second.Result).OfType<MessageView>())
            threads.Add(new ThreadKey(reply.RoomId, reply.ThreadRoot!.Value), reply.ReplyNumber!.Value);
    }
}
