using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Benchmarks.Sockets;

namespace BlazorChat.Benchmarks.Load;

/// <summary>Many sockets in one room, spread over its nodes in turn. Each message has a number, by which it is recognised.</summary>
internal sealed class SocketLoad : IDisposable
{
    private const int AtOnce = 32;
    private const int NumberLength = 8;
    private const int NarrowBuffer = 16 * 1024;
    private const string Filling = "the quick brown fox jumps over the lazy dog";

    private static readonly byte[] Mark = "\"bench "u8.ToArray();
    private static readonly byte[] Refusal = "\"type\":\"error\""u8.ToArray();

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ReceiveLoop _loop = new();
    private readonly SocketPeer _peer;
    private readonly SocketMember[] _members;

    private readonly int _stalling;

    private SocketLoad(SocketPeer peer, int count, int stalling, Deliveries deliveries)
    {
        _peer = peer;
        _stalling = stalling;
        _members = new SocketMember[count];
        Deliveries = deliveries;
    }

    /// <summary>Counts what each socket receives. A new instance counts from zero.</summary>
    public Deliveries Deliveries { get; set; }

    /// <summary>Called on the receiving thread, when a socket has received its own message, or it was refused.</summary>
    public Action<int>? Returned { get; set; }

    public int Count => _members.Length;

    /// <summary>How many connections the server has ended.</summary>
    public int Closed => _members.Count(member => member.IsClosed);

    /// <summary>How many of those that read nothing the server has not cut.</summary>
    public int Stalled => _members[^_stalling..].Count(member => !member.IsClosed);

    public long Bytes => _members.Sum(member => member.Bytes);

    /// <exception cref="InvalidOperationException">A socket was refused.</exception>
    /// <exception cref="OperationCanceledException">Not everybody was let in within a minute.</exception>
    public static Task<SocketLoad> ConnectAsync(SocketPeer peer, string path, int count, Deliveries deliveries, CancellationToken cancellationToken) =>
        ConnectAsync(peer, path, count, 0, deliveries, cancellationToken);

    /// <param name="stalling">How many, the last of them, will <see cref="Stall"/>: their side of the connection holds little.</param>
    /// <inheritdoc cref="ConnectAsync(SocketPeer, string, int, Deliveries, CancellationToken)"/>
    public static async Task<SocketLoad> ConnectAsync(
        SocketPeer peer, string path, int count, int stalling, Deliveries deliveries, CancellationToken cancellationToken)
    {
        var load = new SocketLoad(peer, count, stalling, deliveries);
        try
        {
            await load.ConnectAsync(path, cancellationToken);
            return load;
        }
        catch
        {
            load.Dispose();
            throw;
        }
    }

    /// <summary>Sends a new message of a socket.</summary>
    /// <param name="longer">Characters beyond the usual 60.</param>
    public void Send(int socket, int longer = 0) => _members[socket].SendText(_peer.Frame($"bench {Deliveries.Send(socket):D8} {Filling}{new string('x', longer)}"));

    /// <summary>Has a socket send something new that comes back to it alone.</summary>
    public void Echo(int socket) => _members[socket].SendText(_peer.Echo($"bench {Deliveries.Send(socket):D8} {Filling}"));

    /// <summary>Those that were to stall read nothing from now on.</summary>
    public void Stall()
    {
        foreach (var member in _members[^_stalling..])
            _loop.Stall(member);
    }

    public void Dispose() => _loop.Dispose();

    private async Task ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, _members.Length, options, async (index, token) =>
        {
            var server = _peer.Servers[index % _peer.Servers.Count].Address;
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (index >= _members.Length - _stalling)
                socket.ReceiveBufferSize = NarrowBuffer;
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server.Host), server.Port), token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET /{path} HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{_peer.Headers(index)}\r\n"), token);
            _members[index] = new SocketMember(socket, (message, now) => Receive(index, message, now));
            _loop.Start(_members[index]);
        });

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        while (!Array.TrueForAll(_members, member => member.Status == 101))
        {
            if (Array.Find(_members, member => member.IsClosed || member.Status is not (0 or 101)) is { } refused)
                throw new InvalidOperationException($"{_peer.Name}: {path} answered {refused.Status}.");
            await Task.Delay(Pause, timeout.Token);
        }

        if (_peer.Hello is not { } hello)
            return;
        foreach (var member in _members)
            member.SendText(hello);
    }

    /// <summary>Finds the messages in a frame of the server, which may have several.</summary>
    private void Receive(int socket, ReadOnlySpan<byte> message, long now)
    {
        var deliveries = Deliveries;
        for (var at = message.IndexOf(Mark); at >= 0; at = message.IndexOf(Mark))
        {
            message = message[(at + Mark.Length)..];
            _ = Utf8Parser.TryParse(message[..NumberLength], out int number, out _);
            deliveries.Received(socket, number, now);
            if (number <= deliveries.Sent && deliveries.SenderOf(number) == socket)
                Returned?.Invoke(socket);
        }

        if (message.IndexOf(Refusal) < 0)
            return;
        deliveries.Refuse();
        Returned?.Invoke(socket);
    }
}
