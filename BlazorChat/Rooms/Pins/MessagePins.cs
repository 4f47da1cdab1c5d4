using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Pins;

/// <summary>A pinned message, with the name that the person who pinned it has now.</summary>
internal sealed record PinnedMessage(MessageView Message, PinView Pin, string PinnedBy);

/// <summary>
/// Pins and unpins messages, and lists those of a room. A command that changes nothing succeeds, so it can be repeated. A pin is a change of its
/// message in the feed of the room, and no edit: it notifies nobody and makes nothing unread.
/// </summary>
internal sealed class MessagePins(IDbContextFactory<ChatDbContext> databases, MessageWriter writer, CommandLimit commands)
{
    /// <summary>Pins a message, or unpins it. Every member may do both, also with what another one has pinned.</summary>
    /// <param name="sequence">The key of the message, also of a reply.</param>
    /// <exception cref="RefusedException">
    /// There is no such message, or it is deleted; the person is not a member of the room; the room is archived; it has
    /// <see cref="PinView.MaxPins"/> other pinned messages (<see cref="RefusalCode.Conflict"/>); or too many commands.
    /// </exception>
    public async Task<MessageView> SetAsync(ClaimsPrincipal person, int roomId, long sequence, bool isSet, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        return await writer.ApplyAsync(new PinChange(roomId, person.UserId, sequence, isSet), cancellationToken);
    }

    /// <summary>The pinned messages of a room, those first that were pinned last.</summary>
    /// <exception cref="RefusedException">There is no room that this person may read.</exception>
    public async Task<IReadOnlyList<PinnedMessage>> ListAsync(ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await RoomDirectory.Visible(db, reader.UserId).AnyAsync(room => room.Id == roomId, cancellationToken))
            throw RoomDirectory.NotFound();
        var pinned = await db.Pins.AsNoTracking()
            .Where(pin => pin.RoomId == roomId)
            .OrderByDescending(pin => pin.PinnedAt)
            .ThenByDescending(pin => pin.MessageId)
            .Select(pin => new { pin.MessageId, pin.Message!.Sequence, pin.User!.DisplayName })
            .Take(PinView.MaxPins)
            .ToListAsync(cancellationToken);
        var ids = pinned.Select(pin => pin.MessageId).ToArray();
        var read = await db.Messages.AsNoTracking().Where(message => ids.Contains(message.Id)).Select(MessageView.FromMessage).ToListAsync(cancellationToken);
        var messages = (await MentionNames.AddAsync(db, read, cancellationToken)).ToDictionary(message => message.Sequence);
        // A message may have been unpinned between the two reads.
        return
        [
            .. from pin in pinned
               let message = messages.GetValueOrDefault(pin.Sequence)
               where message is { DeletedAt: null, Pin: not null }
               select new PinnedMessage(message, message.Pin!, pin.DisplayName),
        ];
    }

    /// <summary>The keys of the pinned messages of a room; none of one that the person may not read.</summary>
    public async Task<IReadOnlyList<long>> ListKeysAsync(ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await RoomDirectory.Visible(db, reader.UserId)
            .Where(room => room.Id == roomId)
            .SelectMany(room => db.Pins.Where(pin => pin.RoomId == room.Id).Select(pin => pin.Message!.Sequence))
            .ToListAsync(cancellationToken);
    }
}
