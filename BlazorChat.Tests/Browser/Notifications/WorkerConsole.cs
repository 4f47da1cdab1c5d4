using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Notifications;

/// <summary>Runs scripts in the service worker of a site, as the console of a developer does.</summary>
internal sealed class WorkerConsole
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _answers = new();
    private readonly ICDPSession _devtools;
    private string _session = "";
    private int _last;

    private WorkerConsole(ICDPSession devtools) => _devtools = devtools;

    /// <summary>Attaches to the running worker of an origin.</summary>
    public static async Task<WorkerConsole> AttachAsync(IBrowser browser, string origin)
    {
        var console = new WorkerConsole(await browser.NewBrowserCDPSessionAsync());
        var targets = (await console._devtools.SendAsync("Target.getTargets"))!.Value.GetProperty("targetInfos").EnumerateArray();
        var worker = targets.Single(target =>
            target.GetProperty("type").GetString() == "service_worker" && target.GetProperty("url").GetString()!.StartsWith(origin, StringComparison.Ordinal));
        console._devtools.Event("Target.receivedMessageFromTarget").OnEvent += (_, json) => console.Receive(json!.Value);
        var attached = await console._devtools.SendAsync(
            "Target.attachToTarget", new() { ["targetId"] = worker.GetProperty("targetId").GetString()!, ["flatten"] = false });
        console._session = attached!.Value.GetProperty("sessionId").GetString()!;
        return console;
    }

    /// <summary>Evaluates an expression, and waits for it when it is a promise.</summary>
    /// <returns>The value as JSON; undefined when there is none.</returns>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var (id, answer) = (Interlocked.Increment(ref _last), new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously));
        _answers[id] = answer;
        var message = JsonSerializer.Serialize(new
        {
            id,
            method = "Runtime.evaluate",
            @params = new { expression, awaitPromise = true, returnByValue = true },
        });
        await _devtools.SendAsync("Target.sendMessageToTarget", new() { ["sessionId"] = _session, ["message"] = message });
        var result = (await answer.Task.WaitAsync(TestWait.Limit)).GetProperty("result");
        Assert.False(result.TryGetProperty("exceptionDetails", out var exception), exception.ToString());
        return result.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    private void Receive(JsonElement received)
    {
        if (received.GetProperty("sessionId").GetString() != _session)
            return;
        var message = JsonDocument.Parse(received.GetProperty("message").GetString()!).RootElement;
        if (message.TryGetProperty("id", out var id) && _answers.TryRemove(id.GetInt32(), out var answer))
            answer.SetResult(message);
    }
}
