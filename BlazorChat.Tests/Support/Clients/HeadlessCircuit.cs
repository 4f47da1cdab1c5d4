using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A circuit without a browser. It requests a page, opens the circuit of the interactive components on it, acknowledges each render batch, and
/// answers calls of scripts with an empty result. Batches are not decoded; their texts are in them as UTF-8. The messages and their order are
/// those of Blazor's script of .NET 10 (CircuitManager.ts, RenderQueue.ts).
/// </summary>
/// <example>
/// <code>
/// await using var circuit = await HeadlessCircuit.OpenAsync(browser, $"rooms/{room.Id}", batch =>
/// {
///     if (batch.IndexOf("hello"u8) >= 0)
///         shown.TrySetResult();
/// });
/// </code>
/// </example>
public sealed partial class HeadlessCircuit : IAsyncDisposable
{
    /// <summary>The result type of a call that returns an object (Microsoft.JSInterop.JSCallResultType).</summary>
    private const int JSObjectReference = 1;

    private readonly TaskCompletionSource _isOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HubConnection _connection;
    private readonly Action<ReadOnlySpan<byte>> _received;
    private int _objects;

    private HeadlessCircuit(FormClient browser, Action<ReadOnlySpan<byte>> received)
    {
        _received = received;
        var builder = new HubConnectionBuilder().WithUrl(new Uri(browser.Address, "_blazor"), HttpTransportType.WebSockets, connection =>
        {
            connection.Cookies = browser.Cookies;
            // Browsers offer compression; the server decides.
            connection.WebSocketConfiguration = socket => socket.DangerousDeflateOptions = new();
        });
        builder.Services.RemoveAll<Microsoft.AspNetCore.SignalR.Protocol.IHubProtocol>();
        builder.Services.AddSingleton<Microsoft.AspNetCore.SignalR.Protocol.IHubProtocol, BlazorpackProtocol>();
        _connection = builder.Build();
        Handle("JS.RenderBatch", [typeof(long), typeof(byte[])], ShowAsync);
        Handle("JS.BeginInvokeJS", [typeof(long), typeof(string), typeof(string), typeof(int), typeof(long), typeof(int)], AnswerAsync);
        Handle("JS.EndUpdateRootComponents", [typeof(long)], _ => Complete());
        Handle("JS.EndInvokeDotNet", [typeof(string), typeof(bool), typeof(string)], _ => Task.CompletedTask);
        Handle("JS.Error", [typeof(string)], arguments => Fail($"{arguments[0]}"));
        _connection.Closed += exception => Fail($"The circuit has ended: {exception?.Message}");
    }

    /// <summary>The number of render batches that were received.</summary>
    public int Batches { get; private set; }

    /// <summary>The total length of the batches in bytes, uncompressed.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the circuit is connected.</summary>
    public bool IsConnected => _connection.State == HubConnectionState.Connected;

    /// <summary>Opens a page and returns when its components are interactive.</summary>
    /// <param name="browser">The client whose cookies it uses.</param>
    /// <param name="path">The path of the page.</param>
    /// <param name="received">Called with each render batch, one after the other, on a thread of the connection.</param>
    /// <exception cref="InvalidOperationException">The page has no interactive component, or the server ended the circuit.</exception>
    /// <exception cref="TimeoutException">It took longer than a minute.</exception>
    public static async Task<HeadlessCircuit> OpenAsync(FormClient browser, string path, Action<ReadOnlySpan<byte>> received)
    {
        using var response = await browser.GetAsync(path);
        var page = await response.Content.ReadAsStringAsync();
        var markers = Marker().Matches(page).Select(match => match.Groups["json"].Value).Where(json => json.Contains("\"descriptor\"", StringComparison.Ordinal)).ToArray();
        if (markers.Length == 0)
            throw new InvalidOperationException($"{path} answered {response.StatusCode}, with nothing interactive.");
        var circuit = new HeadlessCircuit(browser, received);
        try
        {
            await circuit.StartAsync(new Uri(browser.Address, path), markers, State().Match(page).Groups["state"].Value).WaitAsync(TestWait.Limit);
            return circuit;
        }
        catch
        {
            await circuit.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task StartAsync(Uri page, string[] markers, string state)
    {
        await _connection.StartAsync();
        _ = await _connection.InvokeAsync<string?>("StartCircuit", new Uri(page, "/").AbsoluteUri, page.AbsoluteUri, "[]", state)
            ?? throw new InvalidOperationException("The server did not start a circuit.");
        var operations = markers.Select((marker, index) => $$"""{"type":"add","ssrComponentId":{{index + 1}},"marker":{{marker}}}""");
        await _connection.SendAsync("UpdateRootComponents", $$"""{"batchId":1,"operations":[{{string.Join(',', operations)}}]}""", state);
        await _isOpen.Task;
    }

    private Task ShowAsync(object?[] arguments)
    {
        var batch = (byte[])arguments[1]!;
        Batches++;
        Bytes += batch.Length;
        _received(batch);
        return _connection.SendAsync("OnRenderCompleted", arguments[0], null);
    }

    private Task AnswerAsync(object?[] arguments)
    {
        var (call, result) = ((long)arguments[0]!, (int)arguments[3]!);
        // The server does not wait for the result of call 0.
        if (call == 0)
            return Task.CompletedTask;
        var answer = result == JSObjectReference ? $$"""{"__jsObjectId":{{++_objects}}}""" : "null";
        return _connection.SendAsync("EndInvokeJSFromDotNet", call, true, $"[{call.ToString(CultureInfo.InvariantCulture)},true,{answer}]");
    }

    private Task Complete()
    {
        _isOpen.TrySetResult();
        return Task.CompletedTask;
    }

    private Task Fail(string why)
    {
        _isOpen.TrySetException(new InvalidOperationException(why));
        return Task.CompletedTask;
    }

    private void Handle(string method, Type[] types, Func<object?[], Task> handle) => _connection.On(method, types, handle);

    [GeneratedRegex("<!--Blazor:(?<json>{.*?})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>[A-Za-z0-9+/=]+)-->")]
    private static partial Regex State();
}
