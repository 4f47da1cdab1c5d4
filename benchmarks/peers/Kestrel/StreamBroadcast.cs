using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Kestrel;

/// <summary>Server-sent events to everybody who is connected: encoded once, written to one after the other.</summary>
internal sealed class StreamBroadcast : IDisposable
{
    private static readonly byte[] Welcome = ":\n\n"u8.ToArray();

    private readonly Dictionary<string, PipeWriter> _followers = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _number;

    public async Task FollowAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        await InTurnAsync(async () =>
        {
            await context.Response.BodyWriter.WriteAsync(Welcome);
            _followers[context.TraceIdentifier] = context.Response.BodyWriter;
        });
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
        await InTurnAsync(() => Task.FromResult(_followers.Remove(context.TraceIdentifier)));
    }

    public Task PublishAsync(string data) => InTurnAsync(async () =>
    {
        var bytes = Encoding.UTF8.GetBytes($"id: {++_number}\nevent: post\ndata: {data}\n\n");
        foreach (var writer in _followers.Values)
            await writer.WriteAsync(bytes);
    });

    public void Dispose() => _turn.Dispose();

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
