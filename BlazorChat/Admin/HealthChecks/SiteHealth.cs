using System.Security.Claims;
using BlazorChat.Accounts.Mail;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Redis;
using BlazorChat.Channels.Workers;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Reports;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin.HealthChecks;

/// <summary>Says in words what is wrong with the site, as this node sees it, and what to do. Only admins read it.</summary>
internal sealed partial class SiteHealth(
    IDbContextFactory<ChatDbContext> databases,
    IChannelLayer layer,
    UploadQuota uploads,
    WorkerRegistry workers,
    IJobQueue jobs,
    IMailQueue mail,
    RoomOwners owners,
    MessageReports reports,
    ILogger<SiteHealth> logger,
    TimeProvider time,
    RedisStatus? redis = null,
    DiskGuard? disk = null)
{
    /// <summary>A simple read takes a few milliseconds. A database this slow is felt with every click.</summary>
    private static readonly TimeSpan SlowDatabase = TimeSpan.FromMilliseconds(250);

    /// <summary>The parts that are bad first, then those to look at.</summary>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task<IReadOnlyList<HealthItem>> CheckAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        var database = await CheckDatabaseAsync(admin, cancellationToken);
        HealthItem[] items =
        [
            database,
            CheckDisk(),
            CheckLayer(),
            CheckJobQueue(),
            await CheckJobsAsync(cancellationToken),
            CheckMail(),
            await CheckOwnersAsync(admin, cancellationToken),
            await CheckReportsAsync(admin, cancellationToken),
        ];
        return [.. items.OrderByDescending(item => item.State)];
    }

    private async Task<HealthItem> CheckDatabaseAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var start = time.GetTimestamp();
        await db.CheckAdminAsync(admin, cancellationToken);
        var elapsed = time.GetElapsedTime(start);
        var finding = AdminTexts.Get("HealthDatabaseAnswers", Math.Max(1, (int)Math.Round(elapsed.TotalMilliseconds)));
        return elapsed < SlowDatabase
            ? new HealthItem(AdminTexts.Get("HealthDatabase"), HealthState.Good, finding)
            : new HealthItem(AdminTexts.Get("HealthDatabase"), HealthState.Notice, finding, AdminTexts.Get("HealthDatabaseSlow"));
    }

    private HealthItem CheckDisk()
    {
        var name = AdminTexts.Get("HealthDisk");
        if (disk?.IsFull == true)
            return new HealthItem(name, HealthState.Bad, AdminTexts.Get("HealthDiskFull"), AdminTexts.Get("HealthDiskAdvice"));
        return uploads.IsDiskLow
            ? new HealthItem(name, HealthState.Bad, AdminTexts.Get("HealthDiskLow", FileSize.Format(uploads.FreeSpace)), AdminTexts.Get("HealthDiskAdvice"))
            : new HealthItem(name, HealthState.Good, AdminTexts.Get("HealthDiskFree", FileSize.Format(uploads.FreeSpace)));
    }

    private HealthItem CheckLayer()
    {
        var name = AdminTexts.Get("HealthEvents");
        if (redis is null)
            return new HealthItem(name, HealthState.Good, AdminTexts.Get("HealthOneNode"));
        if (redis[RedisUse.Events] is { } code)
            return new HealthItem(name, HealthState.Bad, AdminTexts.Get("HealthEventsLocal"), AdviceOf(code), Command: redis.GrantOf(RedisUse.Events));
        return layer.State == LayerState.Connected
            ? new HealthItem(name, HealthState.Good, AdminTexts.Get("HealthRedisWorks"))
            : new HealthItem(name, HealthState.Bad, AdminTexts.Get("HealthEventsLocal"), AdviceOf(RedisProblem.Unreachable));
    }

    private HealthItem CheckJobQueue()
    {
        var name = AdminTexts.Get("HealthJobQueue");
        if (redis is null)
            return new HealthItem(name, HealthState.Good, AdminTexts.Get("HealthJobsHere"));
        var use = redis[RedisUse.Jobs] is null ? RedisUse.Workers : RedisUse.Jobs;
        return redis[use] is { } code
            ? new HealthItem(name, HealthState.Bad, AdminTexts.Get("HealthJobsLocal"), AdviceOf(code), Command: redis.GrantOf(use))
            : new HealthItem(name, HealthState.Good, AdminTexts.Get("HealthRedisWorks"));
    }

    private async Task<HealthItem> CheckJobsAsync(CancellationToken cancellationToken)
    {
        var name = AdminTexts.Get("HealthJobs");
        long waiting = 0, failed = 0;
        try
        {
            foreach (var worker in workers.All)
            {
                var counts = await jobs.CountAsync(worker.Name, cancellationToken);
                (waiting, failed) = (waiting + counts.Waiting, failed + counts.DeadLetters);
            }
        }
        catch (JobQueueUnavailableException exception)
        {
            LogJobsUnknown(logger, exception);
            return new HealthItem(name, HealthState.Notice, AdminTexts.Get("HealthJobsUnknown"));
        }

        return failed == 0
            ? new HealthItem(name, HealthState.Good, AdminTexts.Count("HealthJobsWaiting", waiting))
            : new HealthItem(name, HealthState.Notice, AdminTexts.Count("HealthJobsFailed", failed), AdminTexts.Get("HealthJobsAdvice"), "admin/jobs");
    }

    private HealthItem CheckMail() => mail.IsOn
        ? new HealthItem(AdminTexts.Get("HealthMail"), HealthState.Good, AdminTexts.Get("HealthMailOn"))
        : new HealthItem(AdminTexts.Get("HealthMail"), HealthState.Notice, AdminTexts.Get("HealthMailOff"), AdminTexts.Get("HealthMailAdvice"));

    private async Task<HealthItem> CheckOwnersAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        var ownerless = await owners.ListOwnerlessAsync(admin, 0, cancellationToken);
        return ownerless.Count == 0
            ? new HealthItem(AdminTexts.Get("HealthOwners"), HealthState.Good, AdminTexts.Get("HealthOwnersAll"))
            : new HealthItem(
                AdminTexts.Get("HealthOwners"), HealthState.Notice, AdminTexts.Get("HealthOwnerless"), AdminTexts.Get("HealthOwnerlessAdvice"), "rooms/without-owner");
    }

    private async Task<HealthItem> CheckReportsAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        var count = await reports.CountAsync(admin, cancellationToken);
        return count == 0
            ? new HealthItem(AdminTexts.Get("Reports"), HealthState.Good, AdminTexts.Get("NoReports"))
            : new HealthItem(AdminTexts.Get("Reports"), HealthState.Notice, AdminTexts.Count("HealthReports", count), Address: "admin/reports");
    }

    private static LocalText AdviceOf(string code) => code switch
    {
        RedisProblem.WrongCredentials => AdminTexts.Get("HealthRedisCredentials"),
        RedisProblem.NoPermission => AdminTexts.Get("HealthRedisPermission"),
        RedisProblem.Full => AdminTexts.Get("HealthRedisFull"),
        RedisProblem.UnknownCommand => AdminTexts.Get("HealthRedisOld"),
        _ => AdminTexts.Get("HealthRedisUnreachable"),
    };

    [LoggerMessage(1, LogLevel.Warning, "The jobs could not be counted for the health page")]
    private static partial void LogJobsUnknown(ILogger logger, Exception exception);
}
