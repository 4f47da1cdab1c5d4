using BlazorChat.Channels.Workers.Queue;

namespace BlazorChat.Channels.Workers;

/// <summary>One worker channel: who does its jobs, what they are, and how many at once in one process.</summary>
internal sealed record WorkerChannel(string Name, Type Consumer, Type Job, int Concurrency);
