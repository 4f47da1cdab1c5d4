using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Search.Indexing;

/// <summary>Writes the messages of rooms into the index.</summary>
internal sealed class RoomSearchFollower(IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<RoomSearchFollower> logger)
    : SearchFollower(databases, SearchKind.Message, time, logger)
{
    protected override IQueryable<SearchSource> Sources(ChatDbContext db) =>
        from room in db.Rooms
        where !db.RoomDeletions.Any(deletion => deletion.RoomId == room.Id)
        select new SearchSource { Id = room.Id, Revision = room.LastRevision, IsOpen = room.Kind == RoomKind.Open };

    protected override async Task<IReadOnlyList<SearchChange>> ReadAsync(
        ChatDbContext db, SearchSource source, long afterRevision, int count, CancellationToken cancellationToken)
    {
        var messages = await db.Messages.AsNoTracking()
            .Where(message => message.RoomId == source.Id && message.Revision > afterRevision)
            .OrderBy(message => message.Revision)
            .Take(count)
            .Select(message => new
            {
                message.Id,
                message.Revision,
                IsDeleted = message.DeletedAt != null,
                Terms = new SearchedMessage(
                    message.RoomId,
                    message.AuthorId,
                    message.Html,
                    message.EditedAt != null,
                    message.Attachments.OrderBy(file => file.Position).Select(file => new SearchedFile(file.Name, file.Width > 0)).ToList())
                {
                    PollState = message.PollState,
                },
            })
            .ToListAsync(cancellationToken);
        return [.. messages.Select(message => new SearchChange(message.Id, message.Revision, message.IsDeleted ? null : MessageTerms.Of(message.Terms)))];
    }
}
