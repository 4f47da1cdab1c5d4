using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Workers;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Data;

namespace BlazorChat.Admin;

internal sealed record WorkerView(string Name, JobCounts Counts, IReadOnlyList<DeadLetter> DeadLetters);

/// <summary>What admins see of the workers, and do about jobs that failed for good.</summary>
internal sealed partial class Jobs(ChatDbContext db, WorkerRegistry workers, IJobQueue queue, ILogger<Jobs> logger)
{
    /// <summary>Dead letters shown of one worker channel.</summary>
    public const int MaxShown = 50;

    /// <summary>Every worker channel with its newest dead letters; nothing for one who is not, or no longer, an admin.</summary>
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

    /// <summary>Has a dead letter, or all of a worker channel, tried again from the first try.</summary>
    /// <param name="id">Null for all.</param>
    /// <returns>Why it was not done, for the person who asked; null when it was.</returns>
    public Task<string?> RetryAsync(ClaimsPrincipal admin, string worker, string? id, CancellationToken cancellationToken) =>
        ChangeAsync(admin, worker, id, "tried again", queue.RequeueDeadLettersAsync, cancellationToken);

    /// <summary>Removes a dead letter, or all of a worker channel.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    public Task<string?> RemoveAsync(ClaimsPrincipal admin, string worker, string? id, CancellationToken cancellationToken) =>
        ChangeAsync(admin, worker, id, "removed", queue.RemoveDeadLettersAsync, cancellationToken);

    private async Task<string?> ChangeAsync(
        ClaimsPrincipal admin,
        string worker,
        string? id,
        string what,
        Func<string, string?, CancellationToken, Task<int>> change,
        CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return AdminRights.Refusal;
        if (workers.Find(worker) is null)
            return "There is no such worker any more.";
        try
        {
            var changed = IsId(id) ? await change(worker, id, cancellationToken) : 0;
            LogChanged(admin.UserId, changed, worker, what);
            return changed > 0 ? null : "The job is not here any more.";
        }
        catch (JobQueueFullException)
        {
            return "So many jobs wait that not all of these could be added. Try again later.";
        }
        catch (JobQueueUnavailableException)
        {
            return "Redis does not answer, so this may not have been done.";
        }
    }

    /// <summary>What cannot be an id is none that is here.</summary>
    private static bool IsId(string? id) => id is null || (id.Length is > 0 and <= 50 && id.All(c => char.IsAsciiDigit(c) || c == '-'));

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has had {Count} dead letters of worker channel {Worker} {What}")]
    private partial void LogChanged(int adminId, int count, string worker, string what);
}
