using BlazorChat.Rooms;
using BlazorChat.Rooms.Messages;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Common.Caching;

public sealed class SharedCacheTests
{
    [Fact]
    public async Task A_page_of_the_longest_Korean_messages_is_shared_between_nodes()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await TestDatabase.CreateAsync(redis.ConnectionString);
        await using var other = await one.AddNodeAsync();
        await one.WaitForSharedCacheAsync();
        await other.WaitForSharedCacheAsync();
        var text = new string('한', BlazorChat.Data.Entities.Message.MaxLength);
        var messages = Enumerable.Range(1, Conversation.PageSize).Select(i => new MessageView(
            1, i, i, 1, "Ada", Guid.NewGuid(), text, $"<p>{text}</p>", DateTime.UnixEpoch));
        var page = new MessagePage([.. messages], Conversation.PageSize);

        await ReadAsync(one, page);
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        // It is written to Redis after it was answered.
        while (await other.Services.GetRequiredService<IDistributedCache>().GetAsync("page", timeout.Token) is null)
            await Task.Delay(10, timeout.Token);

        var read = await ReadAsync(other, new MessagePage([], 0));
        Assert.Equal(page.Messages.Select(message => (message.Sequence, message.Markdown)), read.Messages.Select(message => (message.Sequence, message.Markdown)));
    }

    private static async Task<MessagePage> ReadAsync(TestDatabase node, MessagePage created) =>
        await node.Services.GetRequiredService<HybridCache>().GetOrCreateAsync("page", _ => ValueTask.FromResult(created));
}
