namespace BlazorChat.Tests.Channels.Workers;

public sealed class InMemoryWorkerTests : WorkerContract
{
    protected override string? Redis => null;
}
