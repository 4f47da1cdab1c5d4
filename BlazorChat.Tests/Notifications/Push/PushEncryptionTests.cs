using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlazorChat.Notifications.Push;

namespace BlazorChat.Tests.Notifications.Push;

public sealed class PushEncryptionTests
{
    /// <summary>RFC 8291, appendix A.</summary>
    [Fact]
    public void The_example_of_the_standard_is_encrypted_as_it_says()
    {
        var sender = Base64Url.DecodeFromChars("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        using var key = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = P256.ReadPoint(sender),
            D = Base64Url.DecodeFromChars("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        });

        var body = PushEncryption.Encrypt(
            "When I grow up, I want to be a watermelon"u8,
            Base64Url.DecodeFromChars("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            Base64Url.DecodeFromChars("BTBZMqHH6r4Tts7J_aSIgg"),
            key,
            Base64Url.DecodeFromChars("DGv6ra1nlYgDCS1FRnbzlw"));

        Assert.Equal(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
            + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
            Base64Url.EncodeToString(body));
    }

    [Fact]
    public void Each_message_has_a_key_and_a_salt_of_its_own()
    {
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = P256.WritePoint(browser.ExportParameters(false).Q);

        var bodies = Enumerable.Range(0, 2).Select(_ => PushEncryption.Encrypt("hello"u8, point, new byte[16])).ToArray();

        Assert.NotEqual(bodies[0][..16], bodies[1][..16]);
        Assert.NotEqual(bodies[0][21..86], bodies[1][21..86]);
    }

    [Fact]
    public void A_key_is_a_point_of_the_curve()
    {
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = P256.WritePoint(browser.ExportParameters(false).Q);
        byte[] beside = [.. point[..^1], (byte)(point[^1] ^ 1)];
        byte[] compressed = [(byte)(2 + (point[^1] & 1)), .. point[1..33]];

        Assert.True(P256.IsPoint(point));
        Assert.False(P256.IsPoint(beside));
        Assert.False(P256.IsPoint(compressed));
        Assert.False(P256.IsPoint(point[..64]));
        Assert.False(P256.IsPoint([]));
        Assert.False(P256.IsPoint(Encoding.ASCII.GetBytes(new string('a', 65))));
    }
}
