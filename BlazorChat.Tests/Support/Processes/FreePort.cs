using System.Net;
using System.Net.Sockets;

namespace BlazorChat.Tests.Support.Processes;

/// <summary>
/// Allocates loopback ports for servers that must know their port before they start. The ports are below the range of outgoing connections, and
/// each is allocated once, so no other program uses one between this call and the start of the server. Thread-safe.
/// </summary>
internal static class FreePort
{
    private const int First = 12_000;
    private const int PerProcess = 200;

    private static int _last = First + Environment.ProcessId % 50 * PerProcess;

    /// <summary>Returns a port that nothing listens on.</summary>
    /// <exception cref="InvalidOperationException">None of 200 ports was free.</exception>
    public static int Allocate()
    {
        for (var tries = 0; tries < PerProcess; tries++)
        {
            var port = Interlocked.Increment(ref _last);
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException("No free port was found.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
