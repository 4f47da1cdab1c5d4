namespace BlazorChat.Channels.Workers;

/// <summary>One worker channel.</summary>
/// <param name="Name">The name that jobs are sent to.</param>
/// <param name="Consumer">The <see cref="WorkerConsumer{TJob}"/> that executes its jobs.</param>
/// <param name="Job">The type of its jobs.</param>
/// <param name="Concurrency">The number of jobs that one process executes at once, 1 to 64.</param>
internal sealed record WorkerChannel(string Name, Type Consumer, Type Job, int Concurrency);
