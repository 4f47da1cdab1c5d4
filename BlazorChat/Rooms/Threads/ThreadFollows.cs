using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Threads;

/// <summary>Who follows a thread, and how far they have read it. Writing in a thread and being mentioned in it follows it too.</summary>
internal sealed class ThreadFollows(
    IDbContextFactory<ChatDbContext> databases, PushOutbox outbox, IChannelLayer layer, CommandLimit commands, TimeProvider time)
{
    /// <summary>A member follows a thread, from its newest reply on.</summary>
    /// <exception cref="RefusedException">There is no such thread, or the person is not a member of its room; or too many commands.</exception>
    public async Task FollowAsync(ClaimsPrincipal member, int roomId, long root, CancellationToken cancellationToken)
    {
        commands.Acquire(member);
        var userId = member.UserId;
        var added = await databases.InTransactionAsync<long?>(
            async (db, token) =>
            {
                // A reply may add the same row: both lock the room first.
                await LockAsync(db, roomId, token);
                await CheckMemberAsync(db, userId, roomId, token);
                var thread = await db.Threads.AsNoTracking().SingleOrDefaultAsync(t => t.RoomId == roomId && t.RootSequence == root, token) ?? throw NotFound();
                if (await db.ThreadFollows.AnyAsync(follow => follow.RootId == thread.RootId && follow.UserId == userId, token))
                    return null;
                db.Add(new ThreadFollow { RootId = thread.RootId, UserId = userId, LastReadReply = thread.LastReply });
                return thread.LastReply;
            },
            cancellationToken);
        if (added is { } read)
            await layer.PublishAsync(RoomGroups.User(userId), new ThreadRead(roomId, root, read), CancellationToken.None);
    }

    /// <summary>A member no longer follows a thread. Devices withdraw the notifications of its replies.</summary>
    /// <exception cref="RefusedException">The person is not a member of the room; or too many commands.</exception>
    public async Task UnfollowAsync(ClaimsPrincipal member, int roomId, long root, CancellationToken cancellationToken)
    {
        commands.Acquire(member);
        var userId = member.UserId;
        var (removed, called) = await databases.InTransactionAsync(
            async (db, token) =>
            {
                await LockAsync(db, roomId, token);
                await CheckMemberAsync(db, userId, roomId, token);
                var count = await FollowsOf(db, userId, roomId, root).ExecuteDeleteAsync(token);
                return (count, count == 0 ? 0 : await PushOutbox.ReadThreadAsync(db, roomId, userId, root, long.MaxValue, time.GetUtcNow().UtcDateTime, token));
            },
            cancellationToken);
        if (called > 0)
            outbox.NotifyDeliveries();
        if (removed > 0)
            await layer.PublishAsync(RoomGroups.User(userId), new ThreadRead(roomId, root, null), CancellationToken.None);
    }

    /// <summary>Raises the read position of a follower, at most to the newest reply, and withdraws the notifications of what was read. For a member who does not follow the thread it changes nothing.</summary>
    /// <exception cref="RefusedException">The person is not a member of the room; or too many commands.</exception>
    public async Task MarkReadAsync(ClaimsPrincipal member, int roomId, long root, long number, CancellationToken cancellationToken)
    {
        commands.Acquire(member);
        var userId = member.UserId;
        var (raised, read, called) = await databases.InTransactionAsync(
            async (db, token) =>
            {
                await CheckMemberAsync(db, userId, roomId, token);
                var newest = await db.Threads
                    .Where(thread => thread.RoomId == roomId && thread.RootSequence == root)
                    .Select(thread => thread.LastReply)
                    .SingleOrDefaultAsync(token);
                var read = Math.Min(number, newest);
                var raised = await FollowsOf(db, userId, roomId, root)
                    .Where(follow => follow.LastReadReply < read)
                    .ExecuteUpdateAsync(follow => follow.SetProperty(f => f.LastReadReply, read), token);
                return (raised, read, raised == 0 ? 0 : await PushOutbox.ReadThreadAsync(db, roomId, userId, root, read, time.GetUtcNow().UtcDateTime, token));
            },
            cancellationToken);
        if (called > 0)
            outbox.NotifyDeliveries();
        if (raised > 0)
            await layer.PublishAsync(RoomGroups.User(userId), new ThreadRead(roomId, root, read), CancellationToken.None);
    }

    /// <summary>Number of the newest reply that a person has read; null when they do not follow the thread.</summary>
    public async Task<long?> FindReadAsync(ClaimsPrincipal person, int roomId, long root, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await FollowsOf(db, userId, roomId, root).Select(follow => (long?)follow.LastReadReply).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The threads that these people follow, in rooms that they are members of and that are not archived.</summary>
    internal static IQueryable<ThreadFollow> CountedOf(ChatDbContext db, int[] userIds) =>
        from follow in db.ThreadFollows
        where userIds.Contains(follow.UserId)
        where db.Memberships.Any(membership =>
            membership.RoomId == follow.Thread!.RoomId && membership.UserId == follow.UserId && membership.Room!.ArchivedAt == null)
        select follow;

    private static Task<int> LockAsync(ChatDbContext db, int roomId, CancellationToken cancellationToken) => db.Rooms.Where(room => room.Id == roomId)
        .ExecuteUpdateAsync(room => room.SetProperty(r => r.LastRevision, r => r.LastRevision), cancellationToken);

    private static IQueryable<ThreadFollow> FollowsOf(ChatDbContext db, int userId, int roomId, long root) =>
        db.ThreadFollows.Where(follow => follow.UserId == userId && follow.Thread!.RoomId == roomId && follow.Thread.RootSequence == root);

    private static async Task CheckMemberAsync(ChatDbContext db, int userId, int roomId, CancellationToken cancellationToken)
    {
        var room = await db.Rooms
            .Where(r => r.Id == roomId)
            .Select(r => new { r.Kind, IsMember = db.Memberships.Any(m => m.RoomId == roomId && m.UserId == userId) })
            .SingleOrDefaultAsync(cancellationToken);
        if (room is not { IsMember: true })
            throw RoomDirectory.NotMember(room?.Kind, RoomTexts.Get("MembersOnlyFollow"));
    }

    private static RefusedException NotFound() => new(RefusalCode.NotFound, RoomTexts.Get("ThreadNotFound"));
}
