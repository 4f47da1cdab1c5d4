using System.Net.Sockets;
using System.Text;

/// <summary>
/// Loaded into each .NET server by its host's own setting (<c>DOTNET_STARTUP_HOOKS</c>): a client that connects to the Unix socket that
/// <c>BENCHMARK_GAUGE</c> names causes a collection of the heap, and receives the number of live bytes.
/// </summary>
#pragma warning disable CA1050 // The runtime looks for a class of this name without a namespace.
internal static class StartupHook
#pragma warning restore CA1050
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("BENCHMARK_GAUGE") is not { Length: > 0 } path)
            return;
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Answer(listener)) { IsBackground = true, Name = "gauge" }.Start();
    }

    private static void Answer(Socket listener)
    {
        while (true)
        {
            using var peer = listener.Accept();
            for (var i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            peer.Send(Encoding.ASCII.GetBytes($"{GC.GetTotalMemory(forceFullCollection: false)}"));
        }
    }
}
