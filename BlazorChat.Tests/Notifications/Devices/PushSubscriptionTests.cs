using BlazorChat.Notifications.Devices;

namespace BlazorChat.Tests.Notifications.Devices;

public sealed class PushSubscriptionTests
{
    private const string Key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Secret = "BTBZMqHH6r4Tts7J_aSIgg";

    [Fact]
    public void The_JSON_of_a_browser_is_read()
    {
        var read = PushSubscription.TryRead(Json("https://push.example.org/send/a:b_c-d", Key, Secret));

        Assert.Equal("https://push.example.org/send/a:b_c-d", read!.Endpoint.AbsoluteUri);
        Assert.Equal((65, 16), (read.PublicKey.Length, read.AuthSecret.Length));
        // Some browsers write padding.
        Assert.NotNull(PushSubscription.TryRead(Json("https://push.example.org/a", $"{Key}=", $"{Secret}==")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"endpoint":"https://push.example.org/a"}""")]
    [InlineData("""{"endpoint":"https://push.example.org/a","keys":{}}""")]
    [InlineData("""{"endpoint":1,"keys":{}}""")]
    public void Anything_else_is_not(string? json) => Assert.Null(PushSubscription.TryRead(json));

    [Theory]
    [InlineData("push.example.org/a", Key, Secret)]
    [InlineData("https://push.example.org/a", "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8", Secret)]
    [InlineData("https://push.example.org/a", Secret, Secret)]
    [InlineData("https://push.example.org/a", Key, Key)]
    [InlineData("https://push.example.org/a", Key, "not base64!")]
    public void Its_parts_are_checked(string endpoint, string key, string secret) => Assert.Null(PushSubscription.TryRead(Json(endpoint, key, secret)));

    [Fact]
    public void A_long_address_is_refused()
    {
        Assert.NotNull(PushSubscription.TryRead(Json($"https://push.example.org/{new string('a', 900)}", Key, Secret)));
        Assert.Null(PushSubscription.TryRead(Json($"https://push.example.org/{new string('a', 1000)}", Key, Secret)));
        // In its canonical form it is longer.
        Assert.Null(PushSubscription.TryRead(Json($"https://push.example.org/{new string('é', 300)}", Key, Secret)));
        Assert.Null(PushSubscription.TryRead(Json($"https://push.example.org/{new string('a', 10_000)}", Key, Secret)));
    }

    private static string Json(string endpoint, string key, string secret) =>
        $$$"""{"endpoint":"{{{endpoint}}}","expirationTime":null,"keys":{"p256dh":"{{{key}}}","auth":"{{{secret}}}"}}""";
}
