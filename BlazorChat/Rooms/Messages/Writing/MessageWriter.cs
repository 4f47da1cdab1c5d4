using BlazorChat.Attachments.Storage;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>
/// Creates, edits and deletes messages: the writes of many people in one transaction, each with the next revision of its room,
/// published in that order after the commit.
/// </summary>
internal sealed class MessageWriter(
    IDbContextFactory<ChatDbContext> databases, IChannelLayer layer, RoomActivity activity, AttachmentCleaner cleaner, TimeProvider time)
    : GroupCommit<MessageWrite, MessageView?>
{
    private MessageStore? _store;

    /// <summary>
    /// Returns the message as it was written. Whatever is so already is not written again: a message that was sent before, an
    /// edit that changes nothing, a second deletion.
    /// </summary>
    /// <exception cref="RefusedException">No such room or message, or this person may not.</exception>
    public async Task<MessageView> ApplyAsync(PersonsWrite write, CancellationToken cancellationToken) =>
        (await WriteAsync(write, cancellationToken))!;

    /// <summary>Notes what has become of thumbnails; those who see the message are told, when there is one.</summary>
    public Task ApplyAsync(ThumbnailChange write, CancellationToken cancellationToken) => WriteAsync(write, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(
        IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        await using var strategySource = await databases.CreateDbContextAsync(cancellationToken);
        var (outcomes, removedFiles) = await strategySource.Database.CreateExecutionStrategy().ExecuteAsync(
            token => TryCommitAsync(writes, token), cancellationToken);

        // What was so already is published again: the node that wrote it may have died before it could.
        foreach (var message in outcomes.Select(outcome => outcome.Result).OfType<MessageView>().DistinctBy(message => (message.RoomId, message.Revision)))
            await layer.PublishAsync(RoomGroups.Room(message.RoomId), new MessageChanged(message), cancellationToken);
        await PublishReadAsync(writes, outcomes, cancellationToken);
        if (removedFiles.Count > 0)
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

    private async Task<(Outcome[] Outcomes, IReadOnlyList<byte[]> RemovedFiles)> TryCommitAsync(
        IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var store = _store ??= MessageStore.Of(await databases.CreateDbContextAsync(cancellationToken));
        try
        {
            await using var transaction = await store.BeginAsync(cancellationToken);
            var batch = await MessageBatch.ReadAsync(store, writes, time.GetUtcNow().UtcDateTime, cancellationToken);
            var outcomes = writes.Select(write => Apply(batch, write)).ToArray();
            await batch.SaveAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return (outcomes, batch.RemovedFiles);
        }
        catch
        {
            // Whatever went wrong, the next try begins afresh.
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

    /// <summary>Who writes has read up to there, and for everybody else there is something new.</summary>
    private async Task PublishReadAsync(
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
            activity.Note(roomId, sequences.Max());
        }
    }
}
