namespace BlazorChat.Tests.Support.Nodes;

/// <summary>A <see cref="Place"/> with a second node on the same database; the two share a Redis.</summary>
public class TwoNodePlace : Place
{
    public RedisServer Redis { get; private set; } = default!;

    public NodeProcess Second { get; private set; } = default!;

    protected override string[] Settings => [$"ConnectionStrings:Redis={Redis.ConnectionString}"];

    public override async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        await base.InitializeAsync();
        Second = await NodeProcess.StartAsync(Node.DataFolder, Settings);
    }

    public override async ValueTask DisposeAsync()
    {
        // Also what was started before something else did not start.
        if (Second is not null)
            await Second.DisposeAsync();
        await base.DisposeAsync();
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
