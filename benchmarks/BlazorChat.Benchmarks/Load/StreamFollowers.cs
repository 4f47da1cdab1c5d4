using System.Net;
using System.Net.Sockets;
using System.Text;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Load;

/// <summary>Many readers of one event stream.</summary>
internal sealed class StreamFollowers : IDisposable
{
    private const int AtOnce = 64;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ReceiveLoop _loop = new();
    private readonly StreamFollower[] _followers;

    private StreamFollowers(int count) => _followers = new StreamFollower[count];

    /// <summary>Bytes of all bodies.</summary>
    public long Bytes => _followers.Sum(follower => follower.Bytes);

    /// <summary>How many connections the server has ended.</summary>
    public int Closed => _followers.Count(follower => follower.IsClosed);

    /// <summary>Connects and returns when everybody follows.</summary>
    /// <param name="deliveries">Counts what each receives, by the events' ids minus <paramref name="firstId"/>.</param>
    /// <exception cref="InvalidOperationException">A follower was refused.</exception>
    /// <exception cref="TimeoutException">Not everybody followed within a minute.</exception>
    public static async Task<StreamFollowers> ConnectAsync(
        Uri server, string path, int count, Deliveries deliveries, long firstId, CancellationToken cancellationToken)
    {
        var followers = new StreamFollowers(count);
        try
        {
            await followers.ConnectAsync(server, path, deliveries, firstId, cancellationToken);
            return followers;
        }
        catch
        {
            followers.Dispose();
            throw;
        }
    }

    public void Dispose() => _loop.Dispose();

    private async Task ConnectAsync(Uri server, string path, Deliveries deliveries, long firstId, CancellationToken cancellationToken)
    {
        var address = new IPEndPoint(IPAddress.Parse(server.Host), server.Port);
        var request = Encoding.ASCII.GetBytes($"GET /{path} HTTP/1.1\r\nHost: {server.Authority}\r\nAccept: text/event-stream\r\n\r\n");
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, _followers.Length, options, async (index, token) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, token);
            await socket.SendAsync(request, token);
            _followers[index] = new StreamFollower(socket, (id, now) => deliveries.Received(index, id - firstId, now));
            _loop.Start(_followers[index]);
        });

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        while (!Array.TrueForAll(_followers, follower => follower.IsFollowing))
        {
            if (Array.Find(_followers, follower => follower.IsClosed || follower.Status is not (0 or 200)) is { } refused)
                throw new InvalidOperationException($"{server}{path} answered {refused.Status}.");
            await Task.Delay(Pause, timeout.Token);
        }
    }
}
