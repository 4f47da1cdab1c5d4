using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BlazorChat.Notifications.Push;

/// <summary>Encrypts messages for one browser: RFC 8291, with the content coding <c>aes128gcm</c> of RFC 8188 in one record.</summary>
internal static class PushEncryption
{
    public const string ContentEncoding = "aes128gcm";

    private const int SaltLength = 16;
    private const int KeyLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int RecordSize = 4096;

    /// <summary>The salt, the record size, the length of a key, and the key.</summary>
    private const int HeaderLength = SaltLength + sizeof(uint) + 1 + P256.PointLength;

    /// <summary>The byte after the content of the last record (RFC 8188, 2).</summary>
    private const byte LastRecord = 2;

    /// <summary>Encrypts with a new key and a new salt.</summary>
    /// <param name="publicKey">The browser's key.</param>
    /// <param name="authSecret">The browser's secret.</param>
    /// <exception cref="CryptographicException">The key is not a point of P-256.</exception>
    public static byte[] Encrypt(ReadOnlySpan<byte> payload, byte[] publicKey, byte[] authSecret)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(payload, publicKey, authSecret, key, RandomNumberGenerator.GetBytes(SaltLength));
    }

    /// <summary>Encrypts with a key and a salt. Both are for one message only.</summary>
    internal static byte[] Encrypt(ReadOnlySpan<byte> payload, byte[] publicKey, byte[] authSecret, ECDiffieHellman key, byte[] salt)
    {
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = P256.ReadPoint(publicKey) });
        var ownKey = P256.WritePoint(key.ExportParameters(includePrivateParameters: false).Q);
        var secret = key.DeriveRawSecretAgreement(other.PublicKey);
        var material = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, authSecret, [.. "WebPush: info\0"u8, .. publicKey, .. ownKey]);
        var contentKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, KeyLength, salt, [.. "Content-Encoding: aes128gcm\0"u8]);
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, NonceLength, salt, [.. "Content-Encoding: nonce\0"u8]);

        byte[] content = [.. payload, LastRecord];
        var body = new byte[HeaderLength + content.Length + TagLength];
        salt.CopyTo(body, 0);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltLength), RecordSize);
        body[SaltLength + sizeof(uint)] = P256.PointLength;
        ownKey.CopyTo(body, HeaderLength - P256.PointLength);
        using var cipher = new AesGcm(contentKey, TagLength);
        cipher.Encrypt(nonce, content, body.AsSpan(HeaderLength, content.Length), body.AsSpan(HeaderLength + content.Length));
        return body;
    }
}
