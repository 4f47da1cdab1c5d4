using System.Security.Cryptography;

namespace BlazorChat.Channels.Layer.Envelopes;

/// <summary>
/// Signs envelopes, so that a process that can write to Redis but does not know the secret cannot forge events. A signature is the first
/// 16 bytes of HMAC-SHA256. Thread-safe once it has its key.
/// </summary>
internal sealed class LayerSigner
{
    public const int Length = 16;

    private byte[]? _key;

    /// <summary>Derives the key from the secret of the deployment. Called once, at start, before anything is signed.</summary>
    public void UseSecret(byte[] secret) =>
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, HMACSHA256.HashSizeInBytes, info: "BlazorChat.Channels"u8.ToArray());

    /// <exception cref="InvalidOperationException"><see cref="UseSecret"/> was not called yet.</exception>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key ?? throw new InvalidOperationException("The layer has not started."), data, hash);
        hash[..Length].CopyTo(signature);
    }

    /// <inheritdoc cref="Sign"/>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[Length];
        Sign(data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
