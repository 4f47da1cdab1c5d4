using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;

namespace Kestrel;

/// <summary>
/// What anybody sends goes to everybody: framed once, and all that waits for a socket is written at once. It takes the connection as Kestrel gives it
/// and knows short text frames only.
/// </summary>
internal sealed class SocketBroadcast
{
    private const string Handshake = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int MaxWrite = 64 * 1024;

    private readonly ConcurrentDictionary<string, ChannelWriter<byte[]>> _members = [];

    public async Task ServeAsync(HttpContext context)
    {
        var key = context.Request.Headers.SecWebSocketKey + Handshake;
        context.Response.Headers.Upgrade = "websocket";
#pragma warning disable CA5350 // RFC 6455 requires SHA-1.
        context.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key)));
#pragma warning restore CA5350
        await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        var outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
        _members[context.TraceIdentifier] = outgoing.Writer;
        var sending = SendAllAsync(outgoing.Reader, stream);
        await ReceiveAllAsync(PipeReader.Create(stream));
        _members.TryRemove(context.TraceIdentifier, out _);
        outgoing.Writer.Complete();
        await sending;
    }

    private static async Task SendAllAsync(ChannelReader<byte[]> outgoing, Stream stream)
    {
        var buffer = new ArrayBufferWriter<byte>();
        while (await outgoing.WaitToReadAsync())
        {
            while (buffer.WrittenCount < MaxWrite && outgoing.TryRead(out var frame))
                buffer.Write(frame);
            await stream.WriteAsync(buffer.WrittenMemory);
            buffer.ResetWrittenCount();
        }
    }

    private async Task ReceiveAllAsync(PipeReader reader)
    {
        try
        {
            while (await reader.ReadAsync() is { IsCompleted: false } read)
            {
                var left = read.Buffer;
                while (TryTake(ref left, out var frame))
                {
                    foreach (var member in _members.Values)
                        member.TryWrite(frame);
                }

                reader.AdvanceTo(left.Start, left.End);
            }
        }
        catch (IOException)
        {
            // The peer is gone.
        }
    }

    /// <summary>Reads a masked frame of up to 64 KiB from the buffer.</summary>
    /// <param name="frame">As it goes on to others: the same without a mask.</param>
    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out byte[] frame)
    {
        frame = [];
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var kind) || !reader.TryRead(out var length7))
            return false;
        int length = (byte)(length7 & 0x7F);
        if (length == 126)
        {
            if (!reader.TryReadBigEndian(out short length16))
                return false;
            length = (ushort)length16;
        }

        var mask = new byte[4];
        var head = length < 126 ? 2 : 4;
        if (!reader.TryCopyTo(mask) || reader.Remaining < mask.Length + length)
            return false;
        reader.Advance(mask.Length);
        frame = new byte[head + length];
        buffer.Slice(0, head).CopyTo(frame);
        frame[0] = kind;
        frame[1] = (byte)(length7 & 0x7F);
        reader.TryCopyTo(frame.AsSpan(head));
        for (var i = 0; i < length; i++)
            frame[head + i] ^= mask[i % 4];
        buffer = buffer.Slice(reader.Position).Slice(length);
        return true;
    }
}
