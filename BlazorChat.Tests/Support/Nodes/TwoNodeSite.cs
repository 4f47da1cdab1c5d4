namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// A <see cref="TestSite"/> with a second node on the same database; the two share a Redis. Both run in the process of the tests; the
/// <see cref="Processes.KillableSite"/> has a first node that can be killed.
/// </summary>
/// <example>
/// <code>
/// public sealed class TwoNodeTests(TwoNodeSite site) : IClassFixture&lt;TwoNodeSite&gt;
/// {
///     [Fact]
///     public async Task A_message_arrives_on_the_other_node()
///     {
///         var (zoe, bob) = (await site.JoinAsync("Zoe"), await site.JoinAsync("Bob"));
///         var room = await site.AddRoomAsync(zoe, bob);
///         await using var here = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
///         await using var there = await SocketClient.ConnectAsync(site.Second.Address, $"ws/chat/{room.Id}/chat/", bob.Cookies);
///         await here.SendTextAsync("""{"message":"hello"}""");
///         Assert.Equal("hello", (await there.ReceiveJsonAsync("chat.message.created")).GetProperty("message").GetString());
///     }
/// }
/// </code>
/// </example>
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
