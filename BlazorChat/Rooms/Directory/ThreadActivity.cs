using BlazorChat.Channels.Layer;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>A thread, by the sequence of its first message.</summary>
internal readonly record struct ThreadKey(int RoomId, long Root);

/// <summary>Publishes which threads have new replies. The event names their followers, so that it costs other people a comparison.</summary>
internal sealed partial class ThreadActivity(
    IChannelLayer layer, IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<ThreadActivity> logger)
    : ActivityLoop<ThreadKey>(time)
{
    /// <summary>The most threads in one event.</summary>
    private const int BatchSize = 100;

    /// <summary>The most people in one event. With more of them it names nobody.</summary>
    private const int MaxFollowers = 2_000;

    protected override async Task PublishAsync(KeyValuePair<ThreadKey, long>[] newest, CancellationToken cancellationToken)
    {
        foreach (var batch in newest.Chunk(BatchSize))
        {
            var followers = await TryReadFollowersAsync([.. batch.Select(thread => thread.Key)], cancellationToken);
            ThreadReplies[] threads = [.. batch.Select(thread => new ThreadReplies(thread.Key.RoomId, thread.Key.Root, thread.Value, followers is null ? null : [.. followers[thread.Key]]))];
            await layer.PublishAsync(RoomGroups.Threads, new ThreadsActivity(threads), cancellationToken);
        }
    }

    private async Task<ILookup<ThreadKey, int>?> TryReadFollowersAsync(ThreadKey[] threads, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadFollowersAsync(threads, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(logger, exception);
            return null;
        }
    }

    /// <summary>Null when there are too many.</summary>
    private async Task<ILookup<ThreadKey, int>?> ReadFollowersAsync(ThreadKey[] threads, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var read = new List<(ThreadKey Thread, int UserId)>();
        foreach (var room in threads.GroupBy(thread => thread.RoomId, thread => thread.Root))
        {
            var (roomId, roots) = (room.Key, room.ToArray());
            var ofRoom = await db.ThreadFollows
                .Where(follow => follow.Thread!.RoomId == roomId && roots.Contains(follow.Thread.RootSequence))
                .OrderBy(follow => follow.RootId)
                .ThenBy(follow => follow.UserId)
                .Select(follow => new { follow.Thread!.RootSequence, follow.UserId })
                .Take(MaxFollowers - read.Count + 1)
                .ToListAsync(cancellationToken);
            read.AddRange(ofRoom.Select(follow => (new ThreadKey(roomId, follow.RootSequence), follow.UserId)));
            if (read.Count > MaxFollowers)
                return null;
        }

        return read.ToLookup(follow => follow.Thread, follow => follow.UserId);
    }

    [LoggerMessage(1, LogLevel.Warning, "The followers of threads with new replies could not be read; every list that may have them is counted again")]
    private static partial void LogNotRead(ILogger logger, Exception exception);
}
