using System.Text.Json.Serialization;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers;

namespace BlazorChat.Tests.Channels.Workers;

public sealed class KeyedJobTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_key_that_is_empty_or_too_long_is_refused_where_the_job_is_sent(int length)
    {
        await using var node = await TestNode.StartAsync(
            configure: services => services.AddEvents(KeyedChoreJson.Default).AddWorker<KeyedChoreConsumer>("keyed"));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.Layer.SendAsync("keyed", new KeyedChore(new string('x', length))));

        Assert.Equal($"The key of a job has 1 to 100 characters; that of {typeof(KeyedChore)} has {length}.", refused.Message);
        await node.Layer.SendAsync("keyed", new KeyedChore(new string('x', 100)));
    }

    [EventName("test.keyed")]
    public sealed record KeyedChore(string Key) : IKeyedJob;

    public sealed class KeyedChoreConsumer : WorkerConsumer<KeyedChore>
    {
        public override ValueTask HandleAsync(KeyedChore job, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}

[JsonSerializable(typeof(KeyedJobTests.KeyedChore))]
internal sealed partial class KeyedChoreJson : JsonSerializerContext;
