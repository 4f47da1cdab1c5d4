using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlazorChat.Common;
using BlazorChat.Notifications.Mail;
using BlazorChat.Notifications.Push;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Notifications.Push;

public sealed class PushSenderTests : IAsyncLifetime
{
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _logs;
    private PushService _service = null!;
    private PushSender _sender = null!;
    private string _key = "";

    public PushSenderTests() => _logs = LoggerFactory.Create(logging => logging.AddProvider(_log));

    public async ValueTask InitializeAsync()
    {
        _service = await PushService.StartAsync();
        _sender = Create(TimeProvider.System, $"127.0.0.1:{_service.Port}");
        _key = (await CreateTokens(TimeProvider.System).GetKeyAsync(CancellationToken.None)).PublicKey;
    }

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        _logs.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_message_arrives_encrypted_and_signed()
    {
        var phone = await _service.SubscribeAsync("phone", _key);

        var result = await _sender.SendAsync(
            phone.Target, new PushMessage(Encoding.UTF8.GetBytes("안녕, Ada"), "room-12", TimeSpan.FromDays(1), IsUrgent: true), CancellationToken.None);

        Assert.Equal(new PushResult(PushOutcome.Accepted), result);
        var delivery = await _service.ReceiveAsync("phone");
        Assert.Equal(("안녕, Ada", TimeSpan.FromDays(1), "high", "room-12"), (delivery.Text, delivery.TimeToLive, delivery.Urgency, delivery.Topic));
    }

    [Fact]
    public async Task The_longest_payload_arrives_and_a_longer_one_is_refused()
    {
        var phone = await _service.SubscribeAsync("phone", _key);
        var text = new string('a', PushMessage.MaxPayload);

        Assert.Equal(PushOutcome.Accepted, (await SendAsync(phone, text)).Outcome);
        Assert.Equal(text, (await _service.ReceiveAsync("phone")).Text);
        Assert.Equal(PushOutcome.Refused, (await SendAsync(phone, text + "a")).Outcome);
        Assert.Equal(PushOutcome.Refused, (await SendAsync(phone, "a", topic: "a\n")).Outcome);
        Assert.Equal(0, _service.WaitingFor("phone"));
    }

    [Theory]
    [InlineData(200, PushOutcome.Accepted)]
    [InlineData(202, PushOutcome.Accepted)]
    [InlineData(204, PushOutcome.Accepted)]
    [InlineData(400, PushOutcome.Refused)]
    [InlineData(404, PushOutcome.Gone)]
    [InlineData(410, PushOutcome.Gone)]
    [InlineData(413, PushOutcome.Refused)]
    [InlineData(429, PushOutcome.Later)]
    [InlineData(500, PushOutcome.Later)]
    [InlineData(503, PushOutcome.Later)]
    public async Task The_status_gives_the_outcome(int status, object outcome)
    {
        var phone = await _service.SubscribeAsync("phone", _key);
        await _service.AnswerAsync("phone", status);

        var result = await SendAsync(phone, "hello");

        Assert.Equal(outcome, result.Outcome);
        Assert.Null(result.RetryAfter);
        Assert.Equal(result.Outcome == PushOutcome.Accepted ? null : $"status {status}", result.Reason);
    }

    [Fact]
    public async Task The_service_says_how_long_to_wait_within_bounds()
    {
        var phone = await _service.SubscribeAsync("phone", _key);

        Assert.Equal(TimeSpan.FromSeconds(120), await WaitForAsync("120"));
        Assert.Equal(PushSender.MaxRetryAfter, await WaitForAsync("86400"));
        Assert.Equal(TimeSpan.Zero, await WaitForAsync(DateTimeOffset.UtcNow.AddHours(-1).ToString("R", CultureInfo.InvariantCulture)));
        Assert.InRange(
            (await WaitForAsync(DateTimeOffset.UtcNow.AddMinutes(30).ToString("R", CultureInfo.InvariantCulture)))!.Value,
            TimeSpan.FromMinutes(20),
            TimeSpan.FromMinutes(30));
        Assert.Null(await WaitForAsync("soon"));

        async Task<TimeSpan?> WaitForAsync(string retryAfter)
        {
            await _service.AnswerAsync("phone", 429, retryAfter);
            var result = await SendAsync(phone, "hello");
            Assert.Equal(PushOutcome.Later, result.Outcome);
            return result.RetryAfter;
        }
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var phone = await _service.SubscribeAsync("phone", _key);
        var other = await _service.SubscribeAsync("other", _key);
        await _service.AnswerAsync("phone", 307, location: other.Endpoint);

        Assert.Equal(PushOutcome.Refused, (await SendAsync(phone, "hello")).Outcome);
        Assert.Equal(0, _service.WaitingFor("other"));
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        var phone = await _service.SubscribeAsync("phone", _key);
        await _service.AnswerAsync("phone", 400, endless: true);

        Assert.Equal(new PushResult(PushOutcome.Refused, Reason: "status 400"), await SendAsync(phone, "hello"));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_given_up_after_ten_seconds()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var sender = Create(time, $"127.0.0.1:{_service.Port}");
        var phone = await _service.SubscribeAsync("phone", _key);
        await _service.StallAsync("phone");

        var sending = SendAsync(phone, "hello", sender: sender);
        await _service.ReceiveAsync("phone");
        time.Advance(PushSender.Timeout - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new PushResult(PushOutcome.Later, Reason: "timeout"), await sending.WaitAsync(TestWait.Limit));
    }

    [Fact]
    public async Task The_caller_ends_a_send()
    {
        var phone = await _service.SubscribeAsync("phone", _key);
        await _service.StallAsync("phone");
        using var stop = new CancellationTokenSource();

        var sending = _sender.SendAsync(phone.Target, Message("hello"), stop.Token);
        await _service.ReceiveAsync("phone");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TestWait.Limit));
    }

    [Fact]
    public async Task A_service_that_is_away_is_tried_later()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var sender = Create(TimeProvider.System, $"127.0.0.1:{port}");
        var phone = await _service.SubscribeAsync("phone", _key);
        var away = phone with { Endpoint = $"http://127.0.0.1:{port}/push/secret" };

        Assert.Equal(new PushResult(PushOutcome.Later, Reason: "ConnectionError"), await SendAsync(away, "hello", sender: sender));
    }

    [Fact]
    public async Task A_private_host_is_refused_before_and_at_the_connection()
    {
        var phone = await _service.SubscribeAsync("phone", _key);

        Assert.Equal(PushOutcome.Refused, (await SendAsync(phone with { Endpoint = "https://192.168.0.1/push/a" }, "hello")).Outcome);
        Assert.Equal(
            new PushResult(PushOutcome.Gone, Reason: "the host is not public"),
            await SendAsync(phone with { Endpoint = "https://localhost/push/a" }, "hello"));
    }

    [Fact]
    public async Task A_broken_key_of_a_browser_is_refused()
    {
        var phone = await _service.SubscribeAsync("phone", _key);

        var result = await _sender.SendAsync(phone.Target with { PublicKey = new byte[65] }, Message("hello"), CancellationToken.None);

        Assert.Equal(new PushResult(PushOutcome.Refused, Reason: "the browser's key is invalid"), result);
    }

    [Fact]
    public async Task A_subscription_with_another_key_is_refused_and_logged_once_a_minute_without_its_address()
    {
        var phone = await _service.SubscribeAsync("phone", VapidKey.From(new byte[32]).PublicKey);

        Assert.Equal(new PushResult(PushOutcome.Refused, Reason: "status 403"), await SendAsync(phone, "hello"));
        Assert.Equal(PushOutcome.Refused, (await SendAsync(phone, "hello")).Outcome);

        Assert.Equal("another key", await _service.ReceiveFaultAsync());
        var line = Assert.Single(_log.Lines);
        Assert.Contains("status 403", line, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_service_gets_a_bounded_number_of_messages_at_once_and_delays_no_other()
    {
        await using var other = await PushService.StartAsync();
        using var sender = Create(TimeProvider.System, $"127.0.0.1:{_service.Port}", $"127.0.0.1:{other.Port}");
        var phone = await _service.SubscribeAsync("phone", _key);
        var laptop = await other.SubscribeAsync("laptop", _key);
        await _service.StallAsync("phone");
        using var stop = new CancellationTokenSource();

        var stalled = Enumerable.Range(0, PushSender.MaxConnectionsPerHost + 4)
            .Select(_ => sender.SendAsync(phone.Target, Message("hello"), stop.Token))
            .ToArray();
        for (var i = 0; i < PushSender.MaxConnectionsPerHost; i++)
            await _service.ReceiveAsync("phone");

        Assert.Equal(PushOutcome.Accepted, (await SendAsync(laptop, "hello", sender: sender)).Outcome);
        Assert.Equal(0, _service.WaitingFor("phone"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(stalled).WaitAsync(TestWait.Limit));
    }

    private static PushMessage Message(string text, string topic = "room-1") =>
        new(Encoding.UTF8.GetBytes(text), topic, TimeSpan.FromHours(1), IsUrgent: false);

    private Task<PushResult> SendAsync(PushService.Subscription browser, string text, string topic = "room-1", PushSender? sender = null) =>
        (sender ?? _sender).SendAsync(browser.Target, Message(text, topic), CancellationToken.None);

    private PushSender Create(TimeProvider time, params string[] allowed) => new(
        new PushHosts(Options.Create(new PushOptions { AllowedPushHosts = allowed })), CreateTokens(time), time, _logs.CreateLogger<PushSender>());

    private static VapidTokens CreateTokens(TimeProvider time) =>
        new(new OneSecret(), new PushContact(new ConfigurationBuilder().Build(), Options.Create(new MailOptions())), time);

    private sealed class OneSecret : ISecretStore
    {
        public Task<byte[]> ReadAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Enumerable.Repeat((byte)7, 32).ToArray());
    }
}
