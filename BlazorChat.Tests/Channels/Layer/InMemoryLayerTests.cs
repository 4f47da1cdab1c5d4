namespace BlazorChat.Tests.Channels.Layer;

public sealed class InMemoryLayerTests : ChannelLayerContract
{
    protected override async Task<(TestNode Here, TestNode There)> StartAsync()
    {
        var node = await TestNode.StartAsync();
        return (node, node);
    }

    protected override Task<TestNode> StartSmallAsync(int mailboxCapacity) => TestNode.StartAsync(mailboxCapacity: mailboxCapacity);
}
