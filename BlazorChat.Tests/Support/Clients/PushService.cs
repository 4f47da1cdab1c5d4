using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using BlazorChat.Notifications.Push;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A push service in Node.js, in a process of its own. It checks who sends, decrypts, and sends the answer that a test sets. Every wait has the timeout
/// <see cref="TestWait.Limit"/>.
/// </summary>
/// <example>
/// <code>
/// await using var service = await PushService.StartAsync();
/// await using var node = await HostedNode.StartAsync(null, service.Settings);
/// var phone = await service.SubscribeAsync("phone", publicKey);
/// await service.AnswerAsync("phone", 429, retryAfter: "2");
/// var delivery = await service.ReceiveAsync("phone");
/// </code>
/// </example>
public sealed class PushService : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<JsonElement> _replies = Channel.CreateUnbounded<JsonElement>();
    private readonly ConcurrentDictionary<string, Channel<PushDelivery>> _deliveries = new();
    private readonly Channel<string> _faults = Channel.CreateUnbounded<string>();
    private readonly SemaphoreSlim _commands = new(1);
    private Task _reading = Task.CompletedTask;

    private PushService(Process process) => _process = process;

    public int Port { get; private set; }

    /// <summary>Settings of a node that may send to this service.</summary>
    public string[] Settings => [$"Notifications:AllowedPushHosts:0=127.0.0.1:{Port}"];

    /// <exception cref="System.ComponentModel.Win32Exception">Node.js is not installed.</exception>
    public static async Task<PushService> StartAsync()
    {
        var script = Path.Combine(Node.Repository, "BlazorChat.Tests", "Node", "push-service.mjs");
        var start = new ProcessStartInfo("node", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var service = new PushService(Process.Start(start)!);
        var first = await service._process.StandardOutput.ReadLineAsync().WaitAsync(TestWait.Limit);
        service.Port = JsonDocument.Parse(first!).RootElement.GetProperty("port").GetInt32();
        service._reading = service.ReadAsync();
        return service;
    }

    /// <summary>Subscribes a browser.</summary>
    /// <param name="name">A name for the browser.</param>
    /// <param name="key">The public key of the app whose messages it accepts.</param>
    public async Task<Subscription> SubscribeAsync(string name, string key)
    {
        var reply = await CommandAsync(new { subscribe = name, key });
        return new Subscription(Text(reply, "endpoint")!, Text(reply, "p256dh")!, Text(reply, "auth")!);
    }

    /// <summary>Sets the answer to later messages, and to those that wait; without it, it is 201.</summary>
    public Task AnswerAsync(string name, int status, string? retryAfter = null, string? location = null, bool endless = false) =>
        CommandAsync(new { answer = name, status, retryAfter, location, endless });

    /// <summary>Lets later messages wait for an answer, until one is set.</summary>
    public Task StallAsync(string name) => CommandAsync(new { answer = name, stall = true });

    /// <summary>The next message for a browser, whatever the answer was.</summary>
    public Task<PushDelivery> ReceiveAsync(string name) => ReadAsync(DeliveriesTo(name));

    /// <summary>The number of messages for a browser that the test has not received yet.</summary>
    public int WaitingFor(string name) => DeliveriesTo(name).Reader.Count;

    /// <summary>Why the next message broke the standards.</summary>
    public Task<string> ReceiveFaultAsync() => ReadAsync(_faults);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TestWait.Limit);
        await _reading.WaitAsync(TestWait.Limit);
        _process.Dispose();
        _commands.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var json = JsonDocument.Parse(line).RootElement;
            if (Text(json, "delivery") is { } name)
                DeliveriesTo(name).Writer.TryWrite(ReadDelivery(json));
            else if (Text(json, "fault") is not null)
                _faults.Writer.TryWrite(Text(json, "reason")!);
            else
                _replies.Writer.TryWrite(json);
        }
    }

    private static PushDelivery ReadDelivery(JsonElement json) => new(
        Text(json, "text")!,
        json.GetProperty("status").GetInt32(),
        TimeSpan.FromSeconds(json.GetProperty("ttl").GetInt64()),
        Text(json, "urgency"),
        Text(json, "topic"),
        Text(json, "token")!);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static async Task<T> ReadAsync<T>(Channel<T> channel)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        return await channel.Reader.ReadAsync(timeout.Token);
    }

    private Channel<PushDelivery> DeliveriesTo(string name) => _deliveries.GetOrAdd(name, _ => Channel.CreateUnbounded<PushDelivery>());

    private async Task<JsonElement> CommandAsync<T>(T command)
    {
        Assert.True(await _commands.WaitAsync(TestWait.Limit));
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command)).WaitAsync(TestWait.Limit);
            await _process.StandardInput.FlushAsync().WaitAsync(TestWait.Limit);
            return await ReadAsync(_replies);
        }
        finally
        {
            _commands.Release();
        }
    }

    /// <summary>What a browser reports of its subscription; the keys are in base64url.</summary>
    public sealed record Subscription(string Endpoint, string P256dh, string Auth)
    {
        internal PushTarget Target => new(new Uri(Endpoint), Base64Url.DecodeFromChars(P256dh), Base64Url.DecodeFromChars(Auth));
    }
}

/// <summary>A message that a push service received.</summary>
/// <param name="Text">The payload, decrypted.</param>
/// <param name="Status">The answer; 0 for none.</param>
/// <param name="Token">The header <c>Authorization</c>.</param>
public sealed record PushDelivery(string Text, int Status, TimeSpan TimeToLive, string? Urgency, string? Topic, string Token)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;
}
