using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Saved;

/// <summary>A message that a person has saved.</summary>
/// <param name="Id">Messages that were saved later have higher ids.</param>
/// <param name="RoomName">For a direct room, the names of its other people.</param>
public sealed record SavedItem(long Id, string RoomName, RoomKind RoomKind, MessageView Message);

/// <summary>
/// The messages that people have saved for themselves. Nobody else learns of it. A command that changes nothing succeeds, so it can be repeated.
/// </summary>
internal sealed class SavedMessages(IDbContextFactory<ChatDbContext> databases, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>The most messages that a person saves.</summary>
    public const int MaxSaved = 1_000;

    /// <summary>Saves a message or reply.</summary>
    /// <param name="sequence">The key of the message.</param>
    /// <exception cref="RefusedException">
    /// There is no such message that the person may read, or it is deleted; they have saved <see cref="MaxSaved"/> others; or too many commands.
    /// </exception>
    public async Task SaveAsync(ClaimsPrincipal person, int roomId, long sequence, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var userId = person.UserId;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the person first locks them: two pages that save at once store a message once, and no more than the most.
                await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(user => user.SetProperty(u => u.DisplayName, u => u.DisplayName), token);
                if (!await RoomDirectory.Visible(db, userId).AnyAsync(room => room.Id == roomId, token))
                    throw RoomDirectory.NotFound();
                var message = await db.Messages
                    .Where(m => m.RoomId == roomId && m.Sequence == sequence && m.DeletedAt == null)
                    .Select(m => new { m.Id })
                    .SingleOrDefaultAsync(token)
                    ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
                if (await db.SavedMessages.AnyAsync(saved => saved.UserId == userId && saved.MessageId == message.Id, token))
                    return false;
                if (await db.SavedMessages.CountAsync(saved => saved.UserId == userId, token) >= MaxSaved)
                    throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("TooManySaved", MaxSaved));
                db.Add(new SavedMessage { UserId = userId, MessageId = message.Id, SavedAt = time.GetUtcNow().UtcDateTime });
                return true;
            },
            cancellationToken);
        await layer.PublishAsync(RoomGroups.User(userId), new SavedChanged(), CancellationToken.None);
    }

    /// <summary>Removes a message from those that the person has saved, also one that they may no longer read.</summary>
    /// <param name="id">That of <see cref="SavedItem"/>.</param>
    /// <exception cref="RefusedException">Too many commands.</exception>
    public async Task RemoveAsync(ClaimsPrincipal person, long id, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.SavedMessages.Where(saved => saved.Id == id && saved.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await layer.PublishAsync(RoomGroups.User(userId), new SavedChanged(), CancellationToken.None);
    }

    /// <summary>
    /// A page of the messages that the person has saved and may read now, those first that were saved last. Only the last page has fewer than
    /// <see cref="PageSize"/>.
    /// </summary>
    /// <param name="before">The id of the last item of the previous page; null for the first page.</param>
    public async Task<IReadOnlyList<SavedItem>> ListAsync(ClaimsPrincipal person, long? before, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await (
            from saved in db.SavedMessages
            where saved.UserId == userId && (before == null || saved.Id < before)
            join room in RoomDirectory.Visible(db, userId) on saved.Message!.RoomId equals room.Id
            orderby saved.Id descending
            select new { saved.Id, saved.MessageId, saved.Message!.RoomId, saved.Message.Sequence, room.Name, room.Kind })
            .Take(PageSize)
            .ToListAsync(cancellationToken);
        var ids = rows.Select(row => row.MessageId).ToArray();
        var read = await db.Messages.AsNoTracking().Where(message => ids.Contains(message.Id)).Select(MessageView.FromMessage).ToListAsync(cancellationToken);
        var messages = (await MentionNames.AddAsync(db, read, cancellationToken)).ToDictionary(message => (message.RoomId, message.Sequence));
        var directIds = rows.Where(row => row.Kind == RoomKind.Direct).Select(row => row.RoomId).Distinct().ToArray();
        var memberships = db.Memberships.AsNoTracking().Where(membership => membership.UserId == userId && directIds.Contains(membership.RoomId));
        var others = directIds.Length == 0 ? null : await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
        // A message may have been deleted between the reads.
        return
        [
            .. from row in rows
               let message = messages.GetValueOrDefault((row.RoomId, row.Sequence))
               where message is not null
               let name = row.Kind == RoomKind.Direct && others is not null ? DirectPeople.NameOf([.. others[(row.RoomId, userId)]]) : row.Name
               select new SavedItem(row.Id, name, row.Kind, message),
        ];
    }
}
