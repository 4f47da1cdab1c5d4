using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace BlazorChat.Common.Caching;

/// <summary>
/// A cache in Redis with signed entries, because pages show what they hold. An entry that no node of this deployment has signed is a miss. After a
/// failure Redis is skipped for a second; failures are misses for the caller.
/// </summary>
internal sealed partial class SignedCache(IDistributedCache inner, ISecretStore secrets, TimeProvider time, ILogger<SignedCache> logger)
    : IDistributedCache
{
    private const int SignatureLength = HMACSHA256.HashSizeInBytes;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private byte[]? _key;
    private long? _failed;
    private long? _logged;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        if (await TryAsync(() => inner.GetAsync(key, token)) is not { Length: >= SignatureLength } entry)
            return null;
        var expected = await SignAsync(key, entry.AsMemory(SignatureLength), token);
        return CryptographicOperations.FixedTimeEquals(expected, entry.AsSpan(0, SignatureLength)) ? entry[SignatureLength..] : null;
    }

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        byte[] entry = [.. await SignAsync(key, value, token), .. value];
        await TryAsync(async () =>
        {
            await inner.SetAsync(key, entry, options, token);
            return null;
        });
    }

    public Task RefreshAsync(string key, CancellationToken token = default) => TryAsync(async () =>
    {
        await inner.RefreshAsync(key, token);
        return null;
    });

    public Task RemoveAsync(string key, CancellationToken token = default) => TryAsync(async () =>
    {
        await inner.RemoveAsync(key, token);
        return null;
    });

    public byte[]? Get(string key) => throw new NotSupportedException("The cache is asynchronous.");

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException("The cache is asynchronous.");

    public void Refresh(string key) => throw new NotSupportedException("The cache is asynchronous.");

    public void Remove(string key) => throw new NotSupportedException("The cache is asynchronous.");

    private async Task<byte[]?> TryAsync(Func<Task<byte[]?>> work)
    {
        if (_failed is { } failed && time.GetElapsedTime(failed) < Pause)
            return null;
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            _failed = time.GetTimestamp();
            if (_logged is { } logged && time.GetElapsedTime(logged) < LogInterval)
                return null;
            _logged = time.GetTimestamp();
            LogFailed(logger, exception.Message.Split(',')[0]);
            return null;
        }
    }

    private async ValueTask<byte[]> SignAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        _key ??= HKDF.DeriveKey(HashAlgorithmName.SHA256, await secrets.ReadAsync("cache", cancellationToken), SignatureLength, info: "BlazorChat.Cache"u8.ToArray());
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        var name = Encoding.UTF8.GetBytes(key);
        hash.AppendData(BitConverter.GetBytes(name.Length));
        hash.AppendData(name);
        hash.AppendData(value.Span);
        return hash.GetHashAndReset();
    }

    [LoggerMessage(1, LogLevel.Warning, "The cache in Redis fails ({Reason}); each node reads pages from the database meanwhile")]
    private static partial void LogFailed(ILogger logger, string reason);
}
