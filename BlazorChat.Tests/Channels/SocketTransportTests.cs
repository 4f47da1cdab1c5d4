using BlazorChat.Channels;

namespace BlazorChat.Tests.Channels;

public sealed class SocketTransportTests
{
    [Fact]
    public async Task What_is_held_is_written_at_once_and_in_its_order()
    {
        var connection = new Connection();
        var transport = new SocketTransport(connection);

        await WriteAsync(transport, holds: false, 1);
        await WriteAsync(transport, holds: true, 2, 3);
        await WriteAsync(transport, holds: true, 4);
        await WriteAsync(transport, holds: false, 5);
        await WriteAsync(transport, holds: false, 6);

        Assert.Equal([[1], [2, 3, 4, 5], [6]], connection.Writes);
    }

    [Fact]
    public async Task It_holds_a_little_only()
    {
        var connection = new Connection();
        var transport = new SocketTransport(connection) { Holds = true };

        for (var i = 0; i < 100; i++)
            await transport.WriteAsync(new byte[1000], TestContext.Current.CancellationToken);

        Assert.InRange(connection.Writes.Count, 2, 4);
        Assert.All(connection.Writes, write => Assert.InRange(write.Length, 30_000, 40_000));
    }

    private static ValueTask WriteAsync(SocketTransport transport, bool holds, params byte[] bytes)
    {
        transport.Holds = holds;
        return transport.WriteAsync(bytes, TestContext.Current.CancellationToken);
    }

    private sealed class Connection : MemoryStream
    {
        public List<byte[]> Writes { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes.Add(buffer.ToArray());
            return ValueTask.CompletedTask;
        }
    }
}
