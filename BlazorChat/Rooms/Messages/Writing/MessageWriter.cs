using BlazorChat.Attachments.Storage;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>
/// Creates, edits and deletes messages, those of many people in one transaction. Each write gets the next revision of its room and is published
/// in that order after the commit.
/// </summary>
internal sealed class MessageWriter(
    IDbContextFactory<ChatDbContext> databases,
    IChannelLayer layer,
    RoomActivity activity,
    DirectRooms directRooms,
    AttachmentCleaner cleaner,
    TimeProvider time)
    : GroupCommit<MessageWrite, MessageView?>
{
    private MessageStore? _store;

    /// <summary>
    /// Returns the message after the write. A repeated send, an edit to the same text and a second deletion change nothing.
    /// </summary>
    /// <exception cref="RefusedException">There is no such room or message, or this person has no right to the write.</exception>
    public async Task<MessageView> ApplyAsync(MemberWrite write, CancellationToken cancellationToken) =>
        (await WriteAsync(write, cancellationToken))!;

    /// <summary>Stores the state of thumbnails, and publishes the message that has the attachment.</summary>
    public Task ApplyAsync(ThumbnailChange write, CancellationToken cancellationToken) => WriteAsync(write, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(
        IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        await using var strategySource = await databases.CreateDbContextAsync(cancellationToken);
        var (outcomes, batch) = await strategySource.Database.CreateExecutionStrategy().ExecuteAsync(
            token => TryCommitAsync(writes, token), cancellationToken);

        // Unchanged messages are published too: the node that wrote them may have stopped before it published them.
        foreach (var message in outcomes.Select(outcome => outcome.Result).OfType<MessageView>().DistinctBy(message => (message.RoomId, message.Revision)))
            await layer.PublishAsync(RoomGroups.Room(message.RoomId), new MessageChanged(message), cancellationToken);
        await PublishNewAsync(writes, outcomes, cancellationToken);
        foreach (var roomId in batch.BegunRooms)
            await directRooms.PublishBeginningAsync(roomId);
        await PublishMentionsAsync(batch.Mentions, cancellationToken);
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

    private async Task<(Outcome[] Outcomes, MessageBatch Batch)> TryCommitAsync(
        IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var store = _store ??= MessageStore.Of(await databases.CreateDbContextAsync(cancellationToken));
        try
        {
            await using var transaction = await store.BeginAsync(cancellationToken);
            var batch = new MessageBatch(await BatchRows.ReadAsync(store, writes, cancellationToken), time.GetUtcNow().UtcDateTime);
            var outcomes = writes.Select(write => Apply(batch, write)).ToArray();
            await batch.SaveAsync(store, cancellationToken);
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

    /// <summary>Publishes who was mentioned, or is no longer. A mention of all members is one event, however many they are.</summary>
    private async Task PublishMentionsAsync(MentionChanges mentions, CancellationToken cancellationToken)
    {
        foreach (var (roomId, target) in mentions.Changed)
        {
            if (target.PersonId is { } personId)
                await layer.PublishAsync(RoomGroups.User(personId), new MentionsChanged(roomId, personId), cancellationToken);
            else
                await layer.PublishAsync(RoomGroups.Mentions, new MentionsChanged(roomId, UserId: null), cancellationToken);
        }
    }

    /// <summary>Publishes the read positions of the authors of new messages, and the activity of their rooms.</summary>
    private async Task PublishNewAsync(
        IReadOnlyList<MessageWrite> writes, IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken)
    {
        var newest = writes.Zip(outcomes)
            .Where(pair => pair is (NewMessage, { Result: not null }))
            .Select(pair => pair.Second.Result!)
            .GroupBy(message => (message.RoomId, message.AuthorId), message => message.Sequence);
        foreach (var sequences in newest)
        {
            var (roomId, authorId) = sequences.Key;
            await layer.PublishAsync(RoomGroups.User(authorId), new RoomRead(roomId, sequences.Max()), cancellationToken);
            activity.Add(roomId, sequences.Max());
        }
    }
}
