using System.Diagnostics;
using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>benchmarks/peers/channels: Django Channels 4 as Debian packages it, with the server that its documentation names first or with the fastest one.</summary>
internal sealed class ChannelsRoom : SocketPeer
{
    private readonly bool _isFastest;

    private ChannelsRoom(string name, bool isFastest)
        : base(name) => _isFastest = isFastest;

    public static ChannelsRoom Usual() => new("Channels 4, core layer, daphne", isFastest: false);

    public static ChannelsRoom Fastest() => new("Channels 4, pubsub layer, uvloop", isFastest: true);

    public override string? Missing => File.Exists(Program) && Directory.Exists("/usr/lib/python3/dist-packages/channels_redis")
        ? null
        : $"skipped: apt-get install python3-channels-redis {System.IO.Path.GetFileName(Program)} python3-uvloop python3-websockets";

    public override string Path => "chat/";

    public override string EchoPath => "echo/";

    private string Program => _isFastest ? "/usr/bin/uvicorn" : "/usr/bin/daphne";

    private string Layer => _isFastest ? "channels_redis.pubsub.RedisPubSubChannelLayer" : "channels_redis.core.RedisChannelLayer";

    public override async Task StartAsync(int nodes, string redis, int sockets, CancellationToken cancellationToken) =>
        Servers = await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => StartNodeAsync(redis)));

    private Task<ServerProcess> StartNodeAsync(string redis)
    {
        var port = FreePort.Allocate();
        string[] arguments = _isFastest
            ? ["--host", "127.0.0.1", "--port", $"{port}", "--loop", "uvloop", "--ws", "websockets", "--no-access-log", "chat:application"]
            : ["-b", "127.0.0.1", "-p", $"{port}", "--access-log", "/dev/null", "chat:application"];
        var start = new ProcessStartInfo(Program, arguments) { WorkingDirectory = System.IO.Path.Combine(Node.Repository, "benchmarks/peers/channels") };
        start.Environment["CHANNELS_LAYER"] = Layer;
        start.Environment["CHANNELS_REDIS"] = $"redis://{redis}";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return ServerProcess.StartAsync(start, new Uri($"http://127.0.0.1:{port}/"), _isFastest ? "Uvicorn running on" : "Listening on TCP address");
    }
}
