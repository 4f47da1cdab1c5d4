namespace BlazorChat.Channels.Workers.Queue;

/// <summary>One try at a job, for as long as its lease lasts.</summary>
/// <param name="Id">The queue's name for it.</param>
/// <param name="Tries">Which try this is, from 1. Together with the id it says whose lease it is: every taking counts.</param>
/// <param name="Body">The event as JSON in UTF-8.</param>
/// <param name="Key">The sender's name for it: while a job with a key waits or runs there is no other one with it.</param>
internal sealed record Job(string Worker, string Id, int Tries, string EventName, ReadOnlyMemory<byte> Body, string Key);

/// <summary>Why a try failed: the exception's type and message, never the job's body.</summary>
internal sealed record JobFailure(string Type, string Message)
{
    private const int MaxMessageLength = 500;

    public static JobFailure Of(Exception exception) => new(
        exception.GetType().Name,
        exception.Message.Length <= MaxMessageLength ? exception.Message : $"{exception.Message.AsSpan(0, MaxMessageLength - 1)}…");
}

/// <summary>A job that failed for good. What it says is all that is shown of it.</summary>
internal sealed record DeadLetter(string Id, string EventName, DateTimeOffset At, int Tries, JobFailure Failure);

/// <param name="Waiting">New ones, and those that rest after a failed try.</param>
/// <param name="Running">Taken by a worker, which may have died with them.</param>
internal sealed record JobCounts(long Waiting, long Running, long DeadLetters);
