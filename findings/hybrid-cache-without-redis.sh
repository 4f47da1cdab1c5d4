#!/usr/bin/env bash
# Microsoft.Extensions.Caching.Hybrid 10.11.0 over Microsoft.Extensions.Caching.StackExchangeRedis 10.0.15, while no Redis
# answers: the connection is made with abortConnect=false, as a server that starts before its Redis does.
#
# Expected: a connection that is known to be down is passed over, and the value comes from its factory at once.
# Seen: each key that is not in memory yet waits five seconds and more, the command timeout of StackExchange.Redis, before its
# factory is called; a second call for the same key answers from memory. A page that needs ten new keys takes a minute.
# Also seen: a key of 1,025 characters is never cached, so its factory is called each time.
#
# Needs: the .NET 10 SDK. Installs into a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > ask.cs <<'CS'
#:package Microsoft.Extensions.Caching.Hybrid@10.11.0
#:package Microsoft.Extensions.DependencyInjection@10.0.11
#:package Microsoft.Extensions.Caching.StackExchangeRedis@10.0.15
#:package StackExchange.Redis@3.4.35
#:property PublishAot=false
using System.Diagnostics;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

var redis = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=1000");
var services = new ServiceCollection();
services.AddStackExchangeRedisCache(options => options.ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(redis));
services.AddHybridCache();
await using var provider = services.BuildServiceProvider();
var cache = provider.GetRequiredService<HybridCache>();
foreach (var key in new[] { "a", "a", "b" })
{
    var watch = Stopwatch.StartNew();
    await cache.GetOrCreateAsync(key, _ => ValueTask.FromResult("value"));
    Console.WriteLine($"{key}: {(watch.Elapsed.TotalSeconds >= 5 ? "5 s or more" : watch.Elapsed.TotalSeconds < 1 ? "less than 1 s" : "between")}");
}

var calls = 0;
for (var i = 0; i < 3; i++)
    await cache.GetOrCreateAsync(new string('k', 1025), _ => { calls++; return ValueTask.FromResult("value"); });
Console.WriteLine($"long key: {calls} calls of the factory");
CS
dotnet run ask.cs 2>/dev/null | tee seen
cat > expected <<'TEXT'
a: 5 s or more
a: less than 1 s
b: 5 s or more
long key: 3 calls of the factory
TEXT
diff expected seen
