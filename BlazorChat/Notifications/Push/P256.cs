using System.Security.Cryptography;

namespace BlazorChat.Notifications.Push;

/// <summary>Points of the curve P-256 as bytes, uncompressed: 4, x, y (SEC 1, 2.3.3).</summary>
internal static class P256
{
    public const int PointLength = 1 + (2 * CoordinateLength);

    private const int CoordinateLength = 32;
    private const byte Uncompressed = 4;

    /// <exception cref="CryptographicException">The bytes are no uncompressed point.</exception>
    public static ECPoint ReadPoint(byte[] bytes) => bytes is [Uncompressed, ..] && bytes.Length == PointLength
        ? new ECPoint { X = bytes[1..(1 + CoordinateLength)], Y = bytes[(1 + CoordinateLength)..] }
        : throw new CryptographicException("A key is not an uncompressed point of P-256.");

    public static byte[] WritePoint(ECPoint point) => [Uncompressed, .. point.X!, .. point.Y!];

    /// <summary>Whether the bytes are a point of the curve.</summary>
    public static bool IsPoint(byte[] bytes)
    {
        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = ReadPoint(bytes) });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
