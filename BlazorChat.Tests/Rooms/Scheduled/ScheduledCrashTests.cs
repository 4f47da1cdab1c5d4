using BlazorChat.Rooms.Scheduled;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Scheduled;

/// <summary>A process is killed while it sends scheduled messages, and another node continues, without Redis.</summary>
[Trait("Speed", "Slow")]
public sealed class ScheduledCrashTests
{
    private const int Count = 60;

    [Fact]
    public async Task Another_node_sends_what_a_killed_one_has_left_and_nothing_twice()
    {
        // The clock of this node is behind, so that it sends nothing before the process was killed.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-1));
        await using var database = await TestDatabase.CreateAsync(time: time);
        var ada = await database.AddPersonAsync("Ada");
        var room = await database.Rooms.CreateAsync(ada, "Room", default);
        var scheduled = database.Services.GetRequiredService<ScheduledMessages>();
        for (var number = 0; number < Count; number++)
            await scheduled.ScheduleAsync(ada, new NewScheduled(room.Id, Guid.NewGuid(), $"{number}", time.GetUtcNow().AddHours(1)), default);
        await using (var process = await database.StartProcessAsync())
        {
            await using (var db = await database.OpenAsync())
            {
                var due = DateTime.UtcNow;
                await db.ScheduledMessages.ExecuteUpdateAsync(row => row.SetProperty(r => r.DueAt, due).SetProperty(r => r.NextAttemptAt, due));
            }

            await UntilAsync(async () => (await CountAsync(database)).Sent > 0);
            await process.KillAsync();
        }

        var (sent, left) = await CountAsync(database);
        Assert.True(sent + left >= Count);
        time.SetUtcNow(TimeProvider.System.GetUtcNow() + ScheduledSender.LeaseDuration + ScheduledSender.LeaseDuration);
        database.Services.GetRequiredService<ScheduledSender>().Scheduled.Set();
        await UntilAsync(async () => (await CountAsync(database)).Left == 0);

        await using var after = await database.OpenAsync();
        var texts = await after.Messages.Select(message => message.Markdown).ToListAsync();
        Assert.Equal(Enumerable.Range(0, Count).Select(number => $"{number}").Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
    }

    private static async Task<(int Sent, int Left)> CountAsync(TestDatabase database)
    {
        await using var db = await database.OpenAsync();
        return (await db.Messages.CountAsync(), await db.ScheduledMessages.CountAsync());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!await condition())
            await Task.Delay(5, timeout.Token);
    }
}
