namespace BlazorChat.Channels.Workers.Queue;

/// <summary>One try of a job, for as long as its lease lasts.</summary>
/// <param name="Worker">The name of the worker channel.</param>
/// <param name="Id">The id that the queue gave it.</param>
/// <param name="Tries">The number of this try, from 1. Every lease counts, so the number and the id identify the lease.</param>
/// <param name="EventName">The name of the event on the wire.</param>
/// <param name="Body">The event as JSON in UTF-8.</param>
/// <param name="Key">The key of the job; no two jobs that wait or run have the same one.</param>
internal sealed record Job(string Worker, string Id, int Tries, string EventName, ReadOnlyMemory<byte> Body, string Key);

/// <summary>Why a try failed. It never holds the body of the job.</summary>
/// <param name="Type">The name of the exception's type.</param>
/// <param name="Message">The exception's message, at most 500 characters.</param>
internal sealed record JobFailure(string Type, string Message)
{
    private const int MaxMessageLength = 500;

    public static JobFailure Of(Exception exception) => new(
        exception.GetType().Name,
        exception.Message.Length <= MaxMessageLength ? exception.Message : $"{exception.Message.AsSpan(0, MaxMessageLength - 1)}…");
}

/// <summary>A job that failed for good, as admins see it.</summary>
internal sealed record DeadLetter(string Id, string EventName, DateTimeOffset At, int Tries, JobFailure Failure);

/// <summary>The numbers of jobs of one worker channel.</summary>
/// <param name="Waiting">New jobs, and failed ones that wait for their next try.</param>
/// <param name="Running">Jobs that are leased, also by a worker that has died.</param>
/// <param name="DeadLetters">Jobs that failed for good.</param>
internal sealed record JobCounts(long Waiting, long Running, long DeadLetters);
