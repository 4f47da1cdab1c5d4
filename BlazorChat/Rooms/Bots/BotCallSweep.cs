using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Bots;

/// <summary>Removes the calls that no bot reads any more: too old ones, and those of people who are banned or have left the room.</summary>
internal sealed class BotCallSweep(IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<BotCallSweep> logger)
    : Sweep(TimeSpan.FromHours(1), time, logger)
{
    internal override async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow().UtcDateTime - BotCommands.Lifetime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.BotCalls.Where(call => call.CalledAt <= before).ExecuteDeleteAsync(cancellationToken);
        await db.BotCalls
            .Where(call => call.User!.BannedAt != null || !db.Memberships.Any(m => m.RoomId == call.RoomId && m.UserId == call.UserId))
            .ExecuteDeleteAsync(cancellationToken);
    }
}
