using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A circuit without a browser: it reads a page, opens the circuit of what is interactive on it, acknowledges each batch of
/// changes, and answers the calls of scripts with nothing, since there are none. A batch is not taken apart: what it shows lies in it
/// as UTF-8. What is sent and when is that of Blazor's own script (CircuitManager.ts, RenderQueue.ts), of .NET 10.
/// </summary>
public sealed partial class HeadlessCircuit : IAsyncDisposable
{
    /// <summary>What a call of a script returns (Microsoft.JSInterop.JSCallResultType).</summary>
    private const int JSObjectReference = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
            // As browsers offer it; the server decides.
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

    /// <summary>How many batches of changes have come.</summary>
    public int Batches { get; private set; }

    /// <summary>Bytes of them, before compression.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the server still talks to it.</summary>
    public bool IsConnected => _connection.State == HubConnectionState.Connected;

    /// <summary>Opens a page and returns when its components are interactive.</summary>
    /// <param name="browser">Whose cookies it has.</param>
    /// <param name="received">Told each batch of changes, one after the other.</param>
    /// <exception cref="InvalidOperationException">The page has nothing interactive, or the server ended the circuit.</exception>
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
            await circuit.StartAsync(new Uri(browser.Address, path), markers, State().Match(page).Groups["state"].Value).WaitAsync(Patience);
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
        // Nobody waits for the answer of number 0.
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
