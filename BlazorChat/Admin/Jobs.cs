using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Workers;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Admin;

internal sealed record WorkerView(string Name, JobCounts Counts, IReadOnlyList<DeadLetter> DeadLetters);

/// <summary>The workers, and the commands of admins on jobs that failed for good. Each checks the right in the database.</summary>
internal sealed partial class Jobs(ChatDbContext db, WorkerRegistry workers, IJobQueue queue, TimeProvider time, ILogger<Jobs> logger)
{
    /// <summary>The most dead letters of a worker channel that are listed.</summary>
    public const int MaxShown = 50;

    /// <summary>Every worker channel with its newest dead letters; none for a user who is no admin.</summary>
    /// <exception cref="JobQueueUnavailableException">Redis does not answer.</exception>
    public async Task<IReadOnlyList<WorkerView>> ListAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return [];
        var views = new List<WorkerView>(workers.All.Count);
        foreach (var worker in workers.All)
        {
            views.Add(new WorkerView(
                worker.Name,
                await queue.CountAsync(worker.Name, cancellationToken),
                await queue.ReadDeadLettersAsync(worker.Name, MaxShown, cancellationToken)));
        }

        return views;
    }

    /// <summary>Enqueues a dead letter, or all of a worker channel, as new jobs.</summary>
    /// <param name="id">The dead letter; null for all.</param>
    /// <exception cref="RefusedException">The user is no admin, there is no such job, or the queue is full or does not answer.</exception>
    public Task RetryAsync(ClaimsPrincipal admin, string worker, string? id, CancellationToken cancellationToken) =>
        ChangeAsync(admin, worker, id, AuditAction.JobsRetried, queue.RequeueDeadLettersAsync, cancellationToken);

    /// <summary>Removes a dead letter, or all of a worker channel.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    public Task RemoveAsync(ClaimsPrincipal admin, string worker, string? id, CancellationToken cancellationToken) =>
        ChangeAsync(admin, worker, id, AuditAction.JobsRemoved, queue.RemoveDeadLettersAsync, cancellationToken);

    private async Task ChangeAsync(
        ClaimsPrincipal admin,
        string worker,
        string? id,
        AuditAction action,
        Func<string, string?, CancellationToken, Task<int>> change,
        CancellationToken cancellationToken)
    {
        await db.CheckAdminAsync(admin, cancellationToken);
        if (workers.Find(worker) is null)
            throw new RefusedException(RefusalCode.NotFound, AdminTexts.Get("WorkerGone"));
        try
        {
            var changed = IsId(id) ? await change(worker, id, cancellationToken) : 0;
            LogChanged(admin.UserId, changed, worker, action);
            if (changed == 0)
                throw new RefusedException(RefusalCode.NotFound, AdminTexts.Get("JobGone"));
            await AuditAsync(admin, action, worker);
        }
        catch (JobQueueFullException)
        {
            // Those that fit are jobs now.
            await AuditAsync(admin, action, worker);
            throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("QueueFull"));
        }
        catch (JobQueueUnavailableException)
        {
            await AuditAsync(admin, action, worker);
            throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("ChangeUncertain"));
        }
    }

    /// <summary>The queue is not in the database, so the entry follows the change, also when the admin has closed the page.</summary>
    private async Task AuditAsync(ClaimsPrincipal admin, AuditAction action, string worker)
    {
        await db.AuditAsync(admin, action, worker, time.GetUtcNow().UtcDateTime, CancellationToken.None);
        await db.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>Whether a value has the form of an id; null stands for all.</summary>
    private static bool IsId(string? id) => id is null || (id.Length is > 0 and <= 50 && id.All(c => char.IsAsciiDigit(c) || c == '-'));

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has changed {Count} dead letters of worker channel {Worker}: {Action}")]
    private partial void LogChanged(int adminId, int count, string worker, AuditAction action);
}
