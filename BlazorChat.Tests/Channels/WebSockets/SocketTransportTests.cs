using BlazorChat.Channels.WebSockets;

namespace BlazorChat.Tests.Channels.WebSockets;

public sealed class SocketTransportTests
{
    [Fact]
    public async Task Frames_that_more_follow_are_written_together_and_in_order()
    {
        var connection = new Connection();
        var transport = new SocketTransport(connection);

        await WriteAsync(transport, moreFollows: false, 1);
        await WriteAsync(transport, moreFollows: true, 2, 3);
        await WriteAsync(transport, moreFollows: true, 4);
        await WriteAsync(transport, moreFollows: false, 5);
        await WriteAsync(transport, moreFollows: false, 6);

        Assert.Equal([[1], [2, 3, 4, 5], [6]], connection.Writes);
    }

    [Fact]
    public async Task It_buffers_a_bounded_number_of_bytes()
    {
        var connection = new Connection();
        var transport = new SocketTransport(connection);

        for (var i = 0; i < 100; i++)
            await transport.WriteFramesAsync(new byte[1000], moreFollows: true, TestContext.Current.CancellationToken);

        Assert.InRange(connection.Writes.Count, 2, 4);
        Assert.All(connection.Writes, write => Assert.InRange(write.Length, 30_000, 40_000));
    }

    [Fact]
    public async Task The_sockets_own_frames_wait_for_the_write_lock()
    {
        var connection = new Connection { Next = new TaskCompletionSource() };
        var transport = new SocketTransport(connection);

        var messages = WriteAsync(transport, moreFollows: false, 1);
        var ping = transport.WriteAsync(new byte[] { 2 }, TestContext.Current.CancellationToken);
        Assert.Equal([[1]], connection.Writes);
        connection.Next.SetResult();
        await messages;
        await ping;

        Assert.Equal([[1], [2]], connection.Writes);
    }

    private static ValueTask WriteAsync(SocketTransport transport, bool moreFollows, params byte[] bytes) =>
        transport.WriteFramesAsync(bytes, moreFollows, TestContext.Current.CancellationToken);

    private sealed class Connection : MemoryStream
    {
        public List<byte[]> Writes { get; } = [];

        /// <summary>Ends the first write.</summary>
        public TaskCompletionSource? Next { get; init; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes.Add(buffer.ToArray());
            return Writes.Count == 1 && Next is not null ? new ValueTask(Next.Task) : ValueTask.CompletedTask;
        }
    }
}
