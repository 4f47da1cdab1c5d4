using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>
/// The people whom <c>@here</c> mentions. They are read before its message is queued, since all members of a large room would be read while other
/// senders wait.
/// </summary>
internal static class ConnectedMembers
{
    /// <summary>The most people of a room; those who read it last are first.</summary>
    private const int MaxPeople = 1_000;

    /// <summary>Reads them for an author, who is not among them. Nobody for an author who may not mention them.</summary>
    /// <param name="isConnected">Whether a person is connected.</param>
    public static async Task<IReadOnlyList<int>> ReadAsync(
        ChatDbContext db, int roomId, int authorId, Func<int, bool> isConnected, CancellationToken cancellationToken)
    {
        var mayMention = await db.Memberships.AnyAsync(
            own => own.RoomId == roomId && own.UserId == authorId && (own.Role == MembershipRole.Owner || !own.Room!.OnlyOwnersMentionRoom),
            cancellationToken);
        if (!mayMention)
            return [];
        var members = await db.Memberships
            .Where(member => member.RoomId == roomId && member.UserId != authorId && member.User!.BannedAt == null && !member.User.IsBot)
            .OrderByDescending(member => member.LastReadSequence)
            .ThenBy(member => member.UserId)
            .Select(member => member.UserId)
            .ToListAsync(cancellationToken);
        return [.. members.Where(isConnected).Take(MaxPeople)];
    }
}
