using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace BlazorChat.Channels;

/// <summary>
/// The connection under a socket. While it holds, what the socket writes gathers here, so that many messages that go out together
/// are one write to the network. The socket writes from one call at a time, and so does this. The connection ends with its request,
/// not when the socket has enough of it.
/// </summary>
internal sealed class SocketTransport(Stream connection) : Stream
{
    /// <summary>Bytes that are written even while it holds.</summary>
    private const int MaxHeld = 32 * 1024;

    private byte[] _held = [];
    private int _length;

    /// <summary>Set between two messages: whether another one is sent right after the next.</summary>
    public bool Holds { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Has the sockets of a consumer's address come over such a transport, which is then a feature of their request.</summary>
    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ConsumerEndpoints.ConsumerMark>() is not null)
        {
            if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
                context.Features.Set<IHttpUpgradeFeature>(new Upgrade(upgrade, context.Features));
            if (context.Features.Get<IHttpExtendedConnectFeature>() is { } connect)
                context.Features.Set<IHttpExtendedConnectFeature>(new ExtendedConnect(connect, context.Features));
        }

        return next(context);
    });

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!Holds && _length == 0)
            return connection.WriteAsync(buffer, cancellationToken);
        Hold(buffer.Span);
        return Holds && _length < MaxHeld ? ValueTask.CompletedTask : WriteHeldAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _length > 0 ? Task.CompletedTask : connection.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        connection.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Returns when something has come from the peer, or its end: for who has sent a close frame and wants it to get there.</summary>
    public async Task WaitForPeerAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[256];
        _ = await connection.ReadAsync(buffer, cancellationToken);
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_held.Length - _length < bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes.Length, MaxHeld));
            _held.AsSpan(0, _length).CopyTo(larger);
            GiveBack();
            _held = larger;
        }

        bytes.CopyTo(_held.AsSpan(_length));
        _length += bytes.Length;
    }

    private async ValueTask WriteHeldAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connection.WriteAsync(_held.AsMemory(0, _length), cancellationToken);
        }
        finally
        {
            GiveBack();
            _length = 0;
        }
    }

    private void GiveBack()
    {
        if (_held.Length > 0)
            ArrayPool<byte>.Shared.Return(_held);
        _held = [];
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
