using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlazorChat.Common;
using BlazorChat.Notifications.Mail;
using BlazorChat.Notifications.Push;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Notifications.Push;

public sealed class VapidKeyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_secret_is_a_key_also_the_highest()
    {
        byte[][] secrets = [new byte[32], [.. Enumerable.Repeat((byte)0xff, 32)], [.. Enumerable.Range(0, 32).Select(i => (byte)i)]];

        var keys = secrets.Select(secret => VapidKey.From(secret).PublicKey).ToArray();

        Assert.Equal(3, keys.Distinct().Count());
        Assert.All(keys, key => Assert.True(P256.IsPoint(Base64Url.DecodeFromChars(key))));
        Assert.Equal(keys, secrets.Select(secret => VapidKey.From(secret).PublicKey));
    }

    [Fact]
    public void A_token_is_signed_with_the_key_for_one_origin()
    {
        var key = VapidKey.From(new byte[32]);

        var header = key.Authorize("https://push.example.org", Noon, "mailto:chat@example.org");

        var (token, claims) = Read(header);
        Assert.EndsWith($", k={key.PublicKey}", header, StringComparison.Ordinal);
        Assert.Equal("https://push.example.org", claims.GetProperty("aud").GetString());
        Assert.Equal(Noon.ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
        Assert.Equal("mailto:chat@example.org", claims.GetProperty("sub").GetString());
        using var verifier = ECDsa.Create(
            new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = P256.ReadPoint(Base64Url.DecodeFromChars(key.PublicKey)) });
        var end = token.LastIndexOf('.');
        Assert.True(verifier.VerifyData(
            Encoding.ASCII.GetBytes(token[..end]), Base64Url.DecodeFromChars(token.AsSpan(end + 1)), HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task A_token_is_made_once_per_origin_until_it_ends()
    {
        var time = new FakeTimeProvider(Noon);
        await using var database = await TestDatabase.CreateAsync(time: time);
        var tokens = Create(database, time, "https://chat.example.org");

        var first = await AuthorizeAsync("https://push.example.org/a");
        Assert.Equal(first, await AuthorizeAsync("https://PUSH.example.org:443/b"));
        Assert.NotEqual(first, await AuthorizeAsync("https://push.example.org:8443/a"));
        Assert.Equal("https://push.example.org:8443", Read(await AuthorizeAsync("https://push.example.org:8443/a")).Claims.GetProperty("aud").GetString());
        Assert.Equal("https://chat.example.org", Read(first).Claims.GetProperty("sub").GetString());

        time.Advance(VapidTokens.Lifetime - TimeSpan.FromMinutes(59));
        var second = await AuthorizeAsync("https://push.example.org/a");
        Assert.NotEqual(first, second);
        Assert.Equal((time.GetUtcNow() + VapidTokens.Lifetime).ToUnixTimeSeconds(), Read(second).Claims.GetProperty("exp").GetInt64());

        Task<string> AuthorizeAsync(string endpoint) => tokens.AuthorizeAsync(new Uri(endpoint), CancellationToken.None);
    }

    [Fact]
    public async Task All_nodes_of_a_deployment_have_one_key()
    {
        await using var database = await TestDatabase.CreateAsync();

        var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Create(database, TimeProvider.System, null).GetKeyAsync(CancellationToken.None)));

        Assert.Single(keys.Select(key => key.PublicKey).Distinct());
    }

    [Theory]
    [InlineData("https://chat.example.org", "chat@example.org", "https://chat.example.org")]
    [InlineData("http://chat.example.org", "chat@example.org", "mailto:chat@example.org")]
    [InlineData(null, "chat@example.org", "mailto:chat@example.org")]
    [InlineData(null, null, null)]
    public void The_operator_is_reached_at_the_public_address_or_by_mail(string? publicUrl, string? from, string? subject) =>
        Assert.Equal(subject, Contact(publicUrl, from).Subject);

    private static VapidTokens Create(TestDatabase database, TimeProvider time, string? publicUrl) =>
        new(database.Services.GetRequiredService<ISecretStore>(), Contact(publicUrl, null), time);

    private static PushContact Contact(string? publicUrl, string? from) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new("Shell:PublicUrl", publicUrl)]).Build(),
        Options.Create(new MailOptions { Host = from is null ? null : "127.0.0.1", From = from }));

    private static (string Token, JsonElement Claims) Read(string header)
    {
        Assert.StartsWith("vapid t=", header, StringComparison.Ordinal);
        var token = header["vapid t=".Length..].Split(',')[0];
        return (token, JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement);
    }
}
