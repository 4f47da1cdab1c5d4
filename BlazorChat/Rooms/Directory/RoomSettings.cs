using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Limits;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>New settings of a room. What is null stays.</summary>
/// <param name="Topic">One line; empty for none.</param>
/// <param name="Description">Empty for none.</param>
/// <param name="Kind">Open or private.</param>
/// <param name="OnlyOwnersMentionRoom">See <see cref="Room.OnlyOwnersMentionRoom"/>.</param>
public sealed record RoomEdit(
    string? Name = null, string? Topic = null, string? Description = null, RoomKind? Kind = null, bool? OnlyOwnersMentionRoom = null);

/// <summary>Changes the name, the texts, the visibility of rooms, and who may mention all members. Every command counts against <see cref="CommandLimit"/>.</summary>
internal sealed class RoomSettings(
    IDbContextFactory<ChatDbContext> databases, RoomDirectory rooms, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    /// <summary>
    /// Changes the settings of a room. When it becomes private, people who are not members lose access at once, on every node.
    /// </summary>
    /// <param name="user">An owner of the room, or an admin who sees it.</param>
    /// <exception cref="RefusedException">
    /// This person may not manage the room; a text is too long or cannot be shown; the room is or becomes open, and another open room has the
    /// same or a similar name; a default room would become private; or too many commands.
    /// </exception>
    public async Task ChangeAsync(ClaimsPrincipal user, int roomId, RoomEdit edit, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        var clean = Clean(edit);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        var (changed, wasOpen, memberIds) = await RoomName.SaveAsync(
            () => databases.InTransactionAsync((db, token) => ApplyAsync(db, user, roomId, clean, token), cancellationToken), cancellationToken);
        await layer.PublishSettingsAsync(changed, wasOpen, memberIds);
    }

    private async Task<(RoomChanged Changed, bool WasOpen, IReadOnlyList<int> MemberIds)> ApplyAsync(
        ChatDbContext db, ClaimsPrincipal user, int roomId, RoomEdit edit, CancellationToken cancellationToken)
    {
        var room = await LockedRoom.ReadAsync(db, roomId, cancellationToken);
        var wasOpen = room.Kind == RoomKind.Open;
        if (edit.Name is { } name)
        {
            room.Name = name;
            room.NormalizedName = Room.Normalize(name);
        }

        room.Topic = edit.Topic ?? room.Topic;
        room.Description = edit.Description ?? room.Description;
        room.Kind = edit.Kind ?? room.Kind;
        room.OnlyOwnersMentionRoom = edit.OnlyOwnersMentionRoom ?? room.OnlyOwnersMentionRoom;
        if (room.Kind != RoomKind.Open)
            LockedRoom.CheckNotDefault(room);
        await RoomName.CheckAsync(db, room, cancellationToken);
        if (wasOpen != (room.Kind == RoomKind.Open))
            await db.AuditAsync(user, wasOpen ? AuditAction.RoomMadePrivate : AuditAction.RoomOpened, room.Name, time.GetUtcNow().UtcDateTime, cancellationToken);
        return (RoomChanged.Of(room), wasOpen, room.Kind == RoomKind.Open ? [] : await LockedRoom.ReadMembersAsync(db, roomId, cancellationToken));
    }

    private static RoomEdit Clean(RoomEdit edit)
    {
        if (edit.Kind is not (null or RoomKind.Open or RoomKind.Private))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("KindUnchangeable"));
        if (edit.Topic is { } typed && !PlainText.IsOneLine(typed.Trim()))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("TopicUnreadable"));
        // The topic is shown beside the name.
        var topic = edit.Topic is null ? null : NameText.Clean(edit.Topic);
        if (topic?.Length > Room.MaxTopicLength)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("TopicTooLong", Room.MaxTopicLength));
        // A browser sends a line break as two characters, and counts it as one.
        var description = edit.Description?.ReplaceLineEndings("\n").Trim();
        if (description is not null && !PlainText.IsWellFormed(description))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("DescriptionUnreadable"));
        if (description?.Length > Room.MaxDescriptionLength)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("DescriptionTooLong", Room.MaxDescriptionLength));
        return edit with { Name = edit.Name is { } name ? RoomName.Clean(name) : null, Topic = topic, Description = description };
    }
}
