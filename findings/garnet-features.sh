#!/usr/bin/env bash
# Garnet 2.2.8 (NuGet tool garnet-server, default settings) seen through StackExchange.Redis 3.4.35.
#
# Expected: a client that asks which features the server has (IServer.Features) is told of those that the server has.
# Seen: the client takes the server for Redis 7.4.3 and reports Streams and Scripting as present, while XADD is
# "ERR unknown command" and EVAL is refused, since scripts are off. Transactions with conditions, locks and publish work.
# Only trying a command tells whether a queue over Streams can run there.
#
# Needs: the .NET 10 SDK. Installs into a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
dotnet tool install garnet-server --version 2.2.8 --tool-path tools >/dev/null
port=$((20000 + RANDOM % 10000))
tools/garnet-server --bind 127.0.0.1 --port $port >garnet.log 2>&1 &
cat > ask.cs <<'CS'
#:package StackExchange.Redis@3.4.35
#:property PublishAot=false
using StackExchange.Redis;

await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{args[0]},abortConnect=false,connectTimeout=20000");
var server = redis.GetServers()[0];
Console.WriteLine($"version {server.Version}, Streams {server.Features.Streams}, Scripting {server.Features.Scripting}");
var db = redis.GetDatabase();
await Try("XADD", () => db.StreamAddAsync("jobs", "id", 1));
await Try("EVAL", () => db.ScriptEvaluateAsync("return 1"));
await Try("lock", () => db.LockTakeAsync("lock", "me", TimeSpan.FromSeconds(5)));

static async Task Try(string name, Func<Task> run)
{
    try
    {
        await run();
        Console.WriteLine($"{name}: ok");
    }
    catch (RedisServerException refused)
    {
        Console.WriteLine($"{name}: {refused.Message}");
    }
}
CS
dotnet run ask.cs -- $port 2>/dev/null | tee seen
cat > expected <<'TEXT'
version 7.4.3, Streams True, Scripting True
XADD: ERR unknown command
EVAL: ERR This instance has Lua scripting support disabled
lock: ok
TEXT
diff expected seen
