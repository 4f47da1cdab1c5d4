using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages;

/// <summary>
/// Reads the names, handles, pictures and rights of authors and of people who are mentioned. They change without a change of the messages. Simultaneous requests share a query.
/// </summary>
internal sealed class Authors(IDbContextFactory<ChatDbContext> databases)
    : GroupCommit<IReadOnlyCollection<int>, IReadOnlyDictionary<int, MessageAuthor>>
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 256;

    public Task<IReadOnlyDictionary<int, MessageAuthor>> ReadAsync(IReadOnlyCollection<int> userIds, CancellationToken cancellationToken) =>
        WriteAsync(userIds, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(
        IReadOnlyList<IReadOnlyCollection<int>> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var authors = new Dictionary<int, MessageAuthor>();
        foreach (var userIds in writes.SelectMany(ids => ids).Distinct().Chunk(BatchSize))
        {
            var read = await db.Users.AsNoTracking()
                .Where(user => userIds.Contains(user.Id))
                .Select(user => new { user.Id, user.DisplayName, user.AvatarId, IsAdmin = user.Roles.Any(), user.Handle })
                .ToListAsync(cancellationToken);
            foreach (var user in read)
                authors[user.Id] = new MessageAuthor(user.DisplayName, user.AvatarId, user.IsAdmin, user.Handle);
        }

        // All callers get the same dictionary and look up their authors.
        return [.. writes.Select(_ => new Outcome(authors))];
    }
}
