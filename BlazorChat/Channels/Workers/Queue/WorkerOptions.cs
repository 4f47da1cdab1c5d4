using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>The section <c>Channels:Workers</c> of the settings.</summary>
public sealed class WorkerOptions : IValidatableObject
{
    /// <summary>Whether this node also executes jobs. If not, they wait for a process that does.</summary>
    public bool Run { get; set; } = true;

    /// <summary>The number of tries before a job becomes a dead letter: 1 to 100.</summary>
    [Range(1, 100)]
    public int Tries { get; set; } = 5;

    /// <summary>The retry delay after the first failed try: 1 ms to 1 h. It doubles with each further try, up to the <see cref="Lease"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the jobs of a dead worker wait for another one: 100 ms to 1 h. A living worker renews the lease of a longer job.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one try may take before it fails: 100 ms to 1 d.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The number of jobs that one worker channel stores. Beyond it, sending throws <see cref="JobQueueFullException"/>.</summary>
    [Range(1, 10_000_000)]
    public int Capacity { get; set; } = 10_000;

    /// <summary>The number of dead letters that one worker channel stores. Beyond it, the oldest are removed.</summary>
    [Range(1, 1_000_000)]
    public int DeadLetters { get; set; } = 1_000;

    /// <summary>The only worker channel of a worker process; null for a node.</summary>
    internal string? Only { get; set; }

    /// <summary>Whether this process executes the jobs of a worker channel.</summary>
    internal bool Runs(string worker) => Only is null ? Run : Only == worker;

    /// <summary>The retry delay after a failed try: it doubles with each try, with a jitter of half of it, and is at most the lease.</summary>
    /// <param name="tries">The number of the failed try, from 1.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    internal TimeSpan BackoffAfter(int tries, double chance)
    {
        var delay = Backoff.TotalSeconds * Math.Pow(2, tries - 1) * (0.5 + chance);
        return TimeSpan.FromSeconds(Math.Min(delay, Lease.TotalSeconds));
    }

    /// <summary>Refuses a <see cref="Backoff"/> that is longer than the <see cref="Lease"/>.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Backoff > Lease)
            yield return new ValidationResult("Channels:Workers:Backoff is longer than Channels:Workers:Lease.", [nameof(Backoff)]);
    }
}
