using System.Security.Claims;
using System.Security.Cryptography;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Notifications.Devices;
using BlazorChat.Notifications.Push;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Notifications.Devices;

public sealed class PushDevicesTests : IAsyncLifetime, IPushSender
{
    private readonly List<(PushTarget Target, PushMessage Message)> _sent = [];
    private TestDatabase _database = null!;
    private PushDevices _devices = null!;
    private ClaimsPrincipal _ada = null!;
    private PushResult _result = new(PushOutcome.Accepted);

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _devices = new PushDevices(
            _database.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>(),
            new PushHosts(Options.Create(new PushOptions { AllowedPushHosts = ["push.example.org:443"] })),
            this,
            _database.Services.GetRequiredService<CommandLimit>(),
            TimeProvider.System);
        _ada = await SignInAsync(await _database.AddPersonAsync("Ada"), "Firefox on Windows");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    Task<PushResult> IPushSender.SendAsync(PushTarget target, PushMessage message, CancellationToken cancellationToken)
    {
        _sent.Add((target, message));
        return Task.FromResult(_result);
    }

    [Fact]
    public async Task A_device_belongs_to_its_session_and_ends_with_it()
    {
        var phone = await SignInAsync(_ada, "Chrome on Android");
        await _devices.RegisterAsync(_ada, Browser("desk"), default);
        await _devices.RegisterAsync(phone, Browser("phone"), default);

        Assert.Equal(
            [("Chrome on Android", false), ("Firefox on Windows", true)],
            (await _devices.ListAsync(_ada, default)).Select(device => (device.Name, device.IsThis)));

        await Sessions.EndOwnAsync(_ada, SessionDirectory.Parse(phone.SessionId)!.Value, default);
        Assert.Equal(["Firefox on Windows"], await NamesAsync(_ada));
    }

    [Fact]
    public async Task A_session_has_one_device_and_one_that_is_registered_again_stays_the_same()
    {
        await _devices.RegisterAsync(_ada, Browser("first"), default);
        var first = Assert.Single(await _devices.ListAsync(_ada, default));

        var changed = Browser("first");
        await _devices.RegisterAsync(_ada, changed, default);
        Assert.Equal(first.Id, Assert.Single(await _devices.ListAsync(_ada, default)).Id);
        await using (var db = await _database.OpenAsync())
            Assert.Equal(changed.PublicKey, (await db.PushDevices.SingleAsync()).PublicKey);

        await _devices.RegisterAsync(_ada, Browser("second"), default);
        Assert.NotEqual(first.Id, Assert.Single(await _devices.ListAsync(_ada, default)).Id);

        // Signed in once more, the browser still has its subscription.
        var later = await SignInAsync(_ada, "Firefox on Windows");
        await _devices.RegisterAsync(later, Browser("second"), default);
        Assert.True(Assert.Single(await _devices.ListAsync(later, default)).IsThis);
    }

    [Fact]
    public async Task A_browser_belongs_to_the_last_person_who_registered_it()
    {
        var zoe = await SignInAsync(await _database.AddPersonAsync("Zoe"), "Firefox on Windows");
        await _devices.RegisterAsync(_ada, Browser("shared"), default);

        await _devices.RegisterAsync(zoe, Browser("shared"), default);

        Assert.Empty(await _devices.ListAsync(_ada, default));
        Assert.Single(await _devices.ListAsync(zoe, default));
    }

    [Fact]
    public async Task A_person_has_at_most_twenty_devices()
    {
        for (var i = 0; i < PushDevices.MaxDevices; i++)
            await _devices.RegisterAsync(await SignInAsync(_ada, "Firefox on Windows"), Browser($"{i}"), default);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => _devices.RegisterAsync(_ada, Browser("more"), default));

        Assert.Equal((RefusalCode.Full, "You have 20 devices. Remove one first."), (refused.Code, refused.Message));
        Assert.Equal(PushDevices.MaxDevices, (await _devices.ListAsync(_ada, default)).Count);
    }

    [Theory]
    [InlineData("http://push.example.org/a")]
    [InlineData("https://push.example.org:8443/a")]
    [InlineData("https://192.168.0.1/a")]
    [InlineData("https://[::1]/a")]
    [InlineData("https://localhost/a")]
    [InlineData("https://push.invalid/a")]
    public async Task A_push_service_that_is_not_public_is_refused(string endpoint)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => _devices.RegisterAsync(_ada, Browser("phone") with { Endpoint = new Uri(endpoint) }, default));

        Assert.Equal(RefusalCode.Invalid, refused.Code);
        Assert.DoesNotContain(endpoint, refused.Message, StringComparison.Ordinal);
        Assert.Empty(await _devices.ListAsync(_ada, default));
    }

    [Fact]
    public async Task A_session_that_has_ended_registers_nothing_and_neither_does_a_bot()
    {
        var ended = await SignInAsync(_ada, "Chrome on Android");
        await Sessions.EndOwnAsync(_ada, SessionDirectory.Parse(ended.SessionId)!.Value, default);

        Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => _devices.RegisterAsync(ended, Browser("a"), default))).Code);
        var bot = TestDatabase.SignIn(_ada.UserId, "Bot");
        Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => _devices.RegisterAsync(bot, Browser("a"), default))).Code);
        // The session is of another account.
        var other = await _database.AddPersonAsync("Zoe");
        ((ClaimsIdentity)other.Identity!).AddClaim(new Claim(ConnectionRegistry.SessionClaim, _ada.SessionId!));
        Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => _devices.RegisterAsync(other, Browser("a"), default))).Code);
    }

    [Fact]
    public async Task Nobody_tests_or_removes_the_device_of_another_person()
    {
        var zoe = await SignInAsync(await _database.AddPersonAsync("Zoe"), "Firefox on Windows");
        await _devices.RegisterAsync(_ada, Browser("desk"), default);
        var desk = Assert.Single(await _devices.ListAsync(_ada, default));

        Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => _devices.TestAsync(zoe, desk.Id, default))).Code);
        await _devices.RemoveAsync(zoe, desk.Id, default);

        Assert.Empty(_sent);
        Assert.Single(await _devices.ListAsync(_ada, default));
        await _devices.RemoveAsync(_ada, desk.Id, default);
        Assert.Empty(await _devices.ListAsync(_ada, default));
    }

    [Fact]
    public async Task A_test_is_sent_to_the_device_and_removes_one_that_has_gone()
    {
        var browser = Browser("desk");
        await _devices.RegisterAsync(_ada, browser, default);
        var desk = Assert.Single(await _devices.ListAsync(_ada, default));

        Assert.Equal(PushOutcome.Accepted, await _devices.TestAsync(_ada, desk.Id, default));
        var (target, message) = Assert.Single(_sent);
        Assert.Equal((browser.Endpoint, "test"), (target.Endpoint, message.Topic));
        Assert.Equal(browser.AuthSecret, target.AuthSecret);

        _result = new(PushOutcome.Later);
        Assert.Equal(PushOutcome.Later, await _devices.TestAsync(_ada, desk.Id, default));
        Assert.Single(await _devices.ListAsync(_ada, default));
        _result = new(PushOutcome.Gone);
        Assert.Equal(PushOutcome.Gone, await _devices.TestAsync(_ada, desk.Id, default));
        Assert.Empty(await _devices.ListAsync(_ada, default));
    }

    private SessionDirectory Sessions => _database.Services.GetRequiredService<SessionDirectory>();

    private async Task<IReadOnlyList<string>> NamesAsync(ClaimsPrincipal person) =>
        [.. (await _devices.ListAsync(person, default)).Select(device => device.Name)];

    /// <summary>A session of its own for a person.</summary>
    private async Task<ClaimsPrincipal> SignInAsync(ClaimsPrincipal person, string device)
    {
        var now = DateTime.UtcNow;
        var session = new UserSession
        {
            Id = Guid.NewGuid(),
            UserId = person.UserId,
            Ticket = [],
            Device = device,
            CreatedAt = now,
            LastSeenAt = now,
            ConfirmedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        await using var db = await _database.OpenAsync();
        db.Add(session);
        await db.SaveChangesAsync();
        var signedIn = TestDatabase.SignIn(person.UserId, person.DisplayName);
        ((ClaimsIdentity)signedIn.Identity!).AddClaim(new Claim(ConnectionRegistry.SessionClaim, SessionDirectory.Format(session.Id)));
        return signedIn;
    }

    private static PushTarget Browser(string name)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var (point, secret) = (P256.WritePoint(key.ExportParameters(false).Q), RandomNumberGenerator.GetBytes(16));
        return new PushTarget(new Uri($"https://push.example.org/{name}"), point, secret);
    }
}
