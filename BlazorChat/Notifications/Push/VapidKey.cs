using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BlazorChat.Notifications.Push;

/// <summary>The key with which this deployment identifies itself to push services (RFC 8292). Thread-safe.</summary>
internal sealed class VapidKey
{
    /// <summary>The order of the curve's base point (SEC 2, 2.4.2).</summary>
    private static readonly BigInteger Order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8);

    private readonly ECParameters _parameters;

    private VapidKey(ECParameters parameters)
    {
        _parameters = parameters;
        PublicKey = Base64Url.EncodeToString(P256.WritePoint(parameters.Q));
    }

    /// <summary>The public key, which a page passes to <c>PushManager.subscribe</c>: a point in base64url.</summary>
    public string PublicKey { get; }

    /// <summary>Derives the key from a secret: the same one on every node.</summary>
    public static VapidKey From(byte[] secret)
    {
        // With 16 bytes more than the order has, every key is as likely as every other (FIPS 186-5, A.2.1).
        var bytes = HKDF.Expand(HashAlgorithmName.SHA256, secret, 48, [.. "VAPID P-256"u8]);
        var scalar = BigInteger.Remainder(new BigInteger(bytes, isUnsigned: true, isBigEndian: true), Order - 1) + 1;
        var d = new byte[32];
        var written = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(d, d.Length - written.Length);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        return new VapidKey(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>The header <c>Authorization</c> for an origin: the scheme <c>vapid</c> with a signed token.</summary>
    /// <param name="subject">How the operator is reached: an address with <c>https:</c> or <c>mailto:</c>; null for none.</param>
    public string Authorize(string origin, DateTimeOffset expires, string? subject)
    {
        var claims = new Dictionary<string, object> { ["aud"] = origin, ["exp"] = expires.ToUnixTimeSeconds() };
        if (subject is not null)
            claims["sub"] = subject;
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        // An instance is not thread-safe.
        using var key = ECDsa.Create(_parameters);
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"vapid t={signed}.{Base64Url.EncodeToString(signature)}, k={PublicKey}";
    }
}
