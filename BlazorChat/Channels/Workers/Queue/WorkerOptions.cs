using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>The section <c>Channels:Workers</c> of the settings.</summary>
public sealed class WorkerOptions : IValidatableObject
{
    /// <summary>Whether this process does jobs beside serving; without it they wait for a process that does.</summary>
    public bool Run { get; set; } = true;

    /// <summary>How often a job is tried before it becomes a dead letter.</summary>
    [Range(1, 100)]
    public int Tries { get; set; } = 5;

    /// <summary>The rest after the first failed try; it doubles with each further one and is never longer than the <see cref="Lease"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a dead worker's jobs wait for another one. A living worker renews the lease of a job that takes longer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that one try may take; beyond it, it has failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Jobs that one worker channel keeps; beyond it, sending is refused.</summary>
    [Range(1, 10_000_000)]
    public int Capacity { get; set; } = 10_000;

    /// <summary>Dead letters that one worker channel keeps; beyond it, the oldest are forgotten.</summary>
    [Range(1, 1_000_000)]
    public int DeadLetters { get; set; } = 1_000;

    /// <summary>The one worker channel that this process is for; null when it is a node.</summary>
    internal string? Only { get; set; }

    /// <summary>Whether this process does the jobs of a worker channel.</summary>
    internal bool Runs(string worker) => Only is null ? Run : Only == worker;

    /// <summary>How long a job rests after a failed try: doubling, by half more or less so that jobs that failed together come apart.</summary>
    /// <param name="tries">From 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    internal TimeSpan BackoffAfter(int tries, double chance)
    {
        var delay = Backoff.TotalSeconds * Math.Pow(2, tries - 1) * (0.5 + chance);
        return TimeSpan.FromSeconds(Math.Min(delay, Lease.TotalSeconds));
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Backoff > Lease)
            yield return new ValidationResult("Channels:Workers:Backoff is longer than Channels:Workers:Lease.", [nameof(Backoff)]);
    }
}
