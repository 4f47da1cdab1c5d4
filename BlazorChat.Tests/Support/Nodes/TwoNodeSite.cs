namespace BlazorChat.Tests.Support.Nodes;

/// <summary>A <see cref="TestSite"/> with a second node on the same database; the two share a Redis.</summary>
public class TwoNodeSite : TestSite
{
    /// <summary>The Redis of both nodes.</summary>
    public RedisServer Redis { get; private set; } = default!;

    /// <summary>The second node.</summary>
    public Node Second { get; private set; } = default!;

    protected override string[] Settings => [$"ConnectionStrings:Redis={Redis.ConnectionString}"];

    public override async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        await base.InitializeAsync();
        Second = await StartNodeAsync(Node.DataFolder);
    }

    public override async ValueTask DisposeAsync()
    {
        // The start may have failed half-way.
        if (Second is not null)
            await Second.DisposeAsync();
        await base.DisposeAsync();
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
