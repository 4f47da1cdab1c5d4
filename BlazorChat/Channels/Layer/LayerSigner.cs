using System.Security.Cryptography;

namespace BlazorChat.Channels.Layer;

/// <summary>
/// Signs what crosses Redis, so that whoever can write there cannot put anything into pages or end sessions: the first 16
/// bytes of HMAC-SHA256.
/// </summary>
internal sealed class LayerSigner
{
    public const int Length = 16;

    private byte[]? _key;

    /// <summary>Derives the key; called once, before anything is signed.</summary>
    public void UseSecret(byte[] secret) =>
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, HMACSHA256.HashSizeInBytes, info: "BlazorChat.Channels"u8.ToArray());

    /// <exception cref="InvalidOperationException">There is no key yet.</exception>
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
