using BlazorChat.Data;
using BlazorChat.Feeds;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages;

/// <summary>The feed of a room: the changes of its messages.</summary>
internal sealed class RoomFeed(IDbContextFactory<ChatDbContext> databases) : IFeedSource<MessageChanged>
{
    private const int PageSize = 256;

    public string GroupOf(int feedId) => RoomGroups.Room(feedId);

    public async Task<FeedPage<MessageChanged>> ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // A change between the two reads is then in the page and may come again, but it is never missed.
        var newest = await db.Rooms.Where(room => room.Id == feedId).Select(room => room.LastRevision).SingleOrDefaultAsync(cancellationToken);
        var messages = await db.Messages.AsNoTracking()
            .Where(message => message.RoomId == feedId && message.Revision > afterRevision)
            .OrderBy(message => message.Revision)
            .Take(PageSize)
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
        var last = messages is [.., var message] ? message.Revision : afterRevision;
        var hasMore = messages.Count == PageSize;
        var named = await MentionNames.AddAsync(db, messages, cancellationToken);
        return new FeedPage<MessageChanged>(
            [.. named.Select(message => new MessageChanged(message))], hasMore ? last : Math.Max(last, newest), hasMore);
    }

    public async Task<IReadOnlyDictionary<int, long>> ReadRevisionsAsync(
        IReadOnlyCollection<int> feedIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Rooms
            .Where(room => feedIds.Contains(room.Id))
            .Select(room => new { room.Id, room.LastRevision })
            .ToDictionaryAsync(room => room.Id, room => room.LastRevision, cancellationToken);
    }
}
