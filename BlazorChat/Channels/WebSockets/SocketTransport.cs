using System.Buffers;
using BlazorChat.Channels.Consumers;
using Microsoft.AspNetCore.Http.Features;

namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// The stream between a <see cref="System.Net.WebSockets.WebSocket"/> and its connection. The socket reads from it and writes control frames:
/// pings, pongs and its close. Messages are written to it directly, many frames with one write. Every write holds whole frames, so a lock
/// around the writes keeps them apart. Disposing the socket does not close the connection, which ends with its request.
/// </summary>
internal sealed class SocketTransport(Stream connection) : Stream
{
    /// <summary>The number of buffered bytes that are written without waiting for more.</summary>
    private const int MaxBuffered = 32 * 1024;

    private readonly SemaphoreSlim _writeLock = new(1, 1);
    private byte[] _buffer = [];
    private int _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts this transport under the sockets of consumers' endpoints; it becomes a feature of their requests.</summary>
    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ConsumerEndpoints.ConsumerMetadata>() is not null)
        {
            if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
                context.Features.Set<IHttpUpgradeFeature>(new Upgrade(upgrade, context.Features));
            if (context.Features.Get<IHttpExtendedConnectFeature>() is { } connect)
                context.Features.Set<IHttpExtendedConnectFeature>(new ExtendedConnect(connect, context.Features));
        }

        return next(context);
    });

    /// <summary>Writes or buffers whole frames of messages. Calls must not overlap.</summary>
    /// <param name="frames">One or more frames.</param>
    /// <param name="moreFollows">Whether another call follows at once; until then the frames may be buffered.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public ValueTask WriteFramesAsync(ReadOnlyMemory<byte> frames, bool moreFollows, CancellationToken cancellationToken)
    {
        if (!moreFollows && _length == 0)
            return WriteAsync(frames, cancellationToken);
        Append(frames.Span);
        return moreFollows && _length < MaxBuffered ? ValueTask.CompletedTask : WriteBufferAsync(cancellationToken);
    }

    /// <summary>Writes whole frames under the lock.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writeLock.WaitAsync(cancellationToken);
        try
        {
            await connection.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _writeLock.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Does nothing: every write is sent at once.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() => throw new NotSupportedException();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        connection.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Waits until the peer sends something or closes, so that a close frame that was sent reaches it first.</summary>
    public async Task WaitForPeerAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[256];
        _ = await connection.ReadAsync(buffer, cancellationToken);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _length < bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes.Length, MaxBuffered));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ReturnBuffer();
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private async ValueTask WriteBufferAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(_buffer.AsMemory(0, _length), cancellationToken);
        }
        finally
        {
            ReturnBuffer();
            _length = 0;
        }
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private sealed class Upgrade(IHttpUpgradeFeature feature, IFeatureCollection features) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => feature.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync()
        {
            var transport = new SocketTransport(await feature.UpgradeAsync());
            features.Set(transport);
            return transport;
        }
    }

    private sealed class ExtendedConnect(IHttpExtendedConnectFeature feature, IFeatureCollection features) : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => feature.IsExtendedConnect;

        public string? Protocol => feature.Protocol;

        public async ValueTask<Stream> AcceptAsync()
        {
            var transport = new SocketTransport(await feature.AcceptAsync());
            features.Set(transport);
            return transport;
        }
    }
}
