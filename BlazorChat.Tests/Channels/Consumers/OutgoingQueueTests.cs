using BlazorChat.Channels.Consumers;

namespace BlazorChat.Tests.Channels.Consumers;

public sealed class OutgoingQueueTests
{
    [Fact]
    public async Task Frames_of_many_producers_are_dequeued_once_and_in_the_order_of_each()
    {
        const int adders = 4;
        const int each = 20_000;
        var queue = new OutgoingQueue();
        var dequeued = new List<(int Adder, int Number)>();
        var taking = Task.Run(async () =>
        {
            while (await queue.WaitAsync())
            {
                while (queue.TryDequeue(out var frame))
                {
                    dequeued.Add((frame.Bytes.Span[0], BitConverter.ToInt32(frame.Bytes.Span[1..])));
                    queue.MarkSent(frame.Count, frame.Bytes.Length);
                }
            }
        });

        await Task.WhenAll(Enumerable.Range(0, adders).Select(adder => Task.Run(async () =>
        {
            for (var number = 0; number < each; number++)
            {
                Assert.True(await queue.WaitForCapacityAsync(CancellationToken.None));
                Assert.True(queue.TryAdd(new Frame((byte[])[(byte)adder, .. BitConverter.GetBytes(number)])));
            }
        })));
        queue.Complete();
        await taking.WaitAsync(TestWait.Limit, TestContext.Current.CancellationToken);

        Assert.Equal(adders * each, dequeued.Count);
        foreach (var ofOne in dequeued.GroupBy(one => one.Adder))
            Assert.Equal(Enumerable.Range(0, each), ofOne.Select(one => one.Number));
    }

    [Fact]
    public void It_is_bounded_in_messages_however_many_come_together()
    {
        var queue = new OutgoingQueue();

        Assert.All(Enumerable.Range(0, 4), _ => Assert.True(queue.TryAdd(new Frame(new byte[256], Count: 256))));

        Assert.False(queue.TryAdd(new Frame(new byte[1])));
        queue.TryDequeue(out var first);
        queue.MarkSent(first.Count, first.Bytes.Length);
        Assert.True(queue.TryAdd(new Frame(new byte[1])));
    }

    [Fact]
    public void It_is_bounded_in_bytes()
    {
        var queue = new OutgoingQueue();

        Assert.True(queue.TryAdd(new Frame(new byte[1024 * 1024])));

        Assert.False(queue.TryAdd(new Frame(new byte[1])));
    }

    [Fact]
    public async Task Frames_queued_before_completion_are_dequeued_and_none_after()
    {
        var queue = new OutgoingQueue();
        queue.TryAdd(new Frame(new byte[1]));

        queue.Complete();

        Assert.True(queue.TryAdd(new Frame(new byte[2])));
        Assert.True(await queue.WaitAsync());
        Assert.True(queue.TryDequeue(out var last));
        Assert.Equal(1, last.Bytes.Length);
        Assert.False(await queue.WaitAsync());
    }

    [Fact]
    public async Task A_waiting_reader_is_notified_of_completion()
    {
        var queue = new OutgoingQueue();
        var waiting = queue.WaitAsync();
        Assert.False(waiting.IsCompleted);

        queue.Complete();

        Assert.False(await waiting);
    }

    [Fact]
    public async Task A_producer_waiting_for_capacity_is_notified_of_capacity_and_completion()
    {
        var queue = new OutgoingQueue();
        queue.TryAdd(new Frame(new byte[1024 * 1024]));
        var room = queue.WaitForCapacityAsync(CancellationToken.None).AsTask();
        Assert.False(room.IsCompleted);

        queue.MarkSent(1, 1024 * 1024);
        Assert.True(await room.WaitAsync(TestWait.Limit, TestContext.Current.CancellationToken));

        queue.TryAdd(new Frame(new byte[1024 * 1024]));
        room = queue.WaitForCapacityAsync(CancellationToken.None).AsTask();
        queue.Complete();
        Assert.True(await room.WaitAsync(TestWait.Limit, TestContext.Current.CancellationToken));
    }
}
