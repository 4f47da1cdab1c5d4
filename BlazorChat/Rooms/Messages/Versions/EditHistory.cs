using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Versions;

/// <summary>An earlier text of a message.</summary>
/// <param name="Revision">The room's revision at which the next text replaced it.</param>
/// <param name="Markdown">As it was written.</param>
/// <param name="WrittenAt">UTC.</param>
public sealed record VersionView(long Revision, string Markdown, DateTime WrittenAt);

/// <summary>Reads the earlier texts of edited messages, for everyone who may read the room.</summary>
internal sealed class EditHistory(IDbContextFactory<ChatDbContext> databases, CommandLimit commands)
{
    /// <summary>The most texts of one read.</summary>
    public const int PageSize = 50;

    /// <summary>The earlier texts of a message, newest first; none for a message that was not edited.</summary>
    /// <param name="sequence">The key of the message in its room.</param>
    /// <param name="before">The revision of the last text of the previous page; null for the first page.</param>
    /// <exception cref="RefusedException">There is no such message that this person may read, it is deleted; or too many commands.</exception>
    public async Task<IReadOnlyList<VersionView>> ReadAsync(
        ClaimsPrincipal reader, int roomId, long sequence, long? before, CancellationToken cancellationToken)
    {
        commands.Acquire(reader);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await RoomDirectory.Visible(db, reader.UserId).AnyAsync(room => room.Id == roomId, cancellationToken))
            throw RoomDirectory.NotFound();
        var message = await db.Messages
            .Where(m => m.RoomId == roomId && m.Sequence == sequence && m.DeletedAt == null)
            .Select(m => new { m.Id })
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
        return await db.MessageVersions
            .Where(version => version.MessageId == message.Id && (before == null || version.Revision < before))
            .OrderByDescending(version => version.Revision)
            .Take(PageSize)
            .Select(version => new VersionView(version.Revision, version.Markdown, version.WrittenAt))
            .ToListAsync(cancellationToken);
    }
}
