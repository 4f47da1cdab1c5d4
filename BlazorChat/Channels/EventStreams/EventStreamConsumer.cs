using System.Buffers;
using System.IO.Pipelines;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.AspNetCore.Http.Features;

namespace BlazorChat.Channels.EventStreams;

/// <summary>
/// A consumer that is one HTTP stream of server-sent events. What it sends waits in a bounded queue, so that a slow reader costs
/// nobody else anything: it is cut off, and a browser then comes back by itself and names the last event that it has.
/// </summary>
/// <remarks>
/// ASP.NET's own <c>TypedResults.ServerSentEvents</c> encodes each event again for each reader, and waits for a slow one without end.
/// </remarks>
public abstract class EventStreamConsumer : ConnectionConsumer
{
    /// <summary>Bytes given to the connection before waiting for it to take them.</summary>
    private const int MaxUnflushed = 32 * 1024;

    private readonly OutgoingQueue _outgoing = new();
    private readonly CancellationTokenSource _tooSlow = new();

    /// <summary>
    /// The id of the newest event that the reader has: what its <c>Last-Event-ID</c> header says when it comes back, or else the
    /// query's <c>after</c>, for tools and for a page that knows where it stands. Null for a reader without either.
    /// </summary>
    protected string? LastEventId { get; private set; }

    internal sealed override string Protocol => "event-stream";

    /// <summary>Sends an event when the reader is ready for it; never blocks.</summary>
    protected void Send(EventStreamMessage message) => Send(new Frame(message.Bytes));

    /// <summary>
    /// Sends an event once the queue is half empty, for whoever can wait: a reader of history slows down to its connection's
    /// pace. One that makes no room for ten seconds is cut off.
    /// </summary>
    protected async ValueTask SendAsync(EventStreamMessage message, CancellationToken cancellationToken)
    {
        if (await _outgoing.WaitForCapacityAsync(cancellationToken))
            Send(message);
        else
            CutOff();
    }

    /// <summary>Ends the stream after what was sent. A browser comes back until it is answered by something that is no stream.</summary>
    protected void Close() => _outgoing.Complete();

    internal sealed override void EndForRestart() => Close();

    protected internal sealed override void OnSignInEnded() => Close();

    internal sealed override bool TryRead(HttpContext context)
    {
        var header = context.Request.Headers["Last-Event-ID"].ToString();
        LastEventId = header.Length > 0 ? header : context.Request.Query["after"];
        return true;
    }

    internal sealed override async Task ServeAsync(HttpContext context)
    {
        await using var _ = this;
        var layer = context.RequestServices.GetRequiredService<ChannelLayer>();
        var heartbeat = context.RequestServices.GetRequiredService<EventStreamHeartbeat>();
        WriteHeaders(context);
        Send(heartbeat.Opening);
        using var heartbeats = heartbeat.Add(_outgoing);
        var sending = SendAllAsync(context, context.RequestServices.GetRequiredService<TimeProvider>());
        try
        {
            await ConnectAsync(Scope, layer, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            Close();
        }
        catch (Exception exception)
        {
            ChannelLog.ConnectFailed(layer.Logger, exception, GetType().Name);
            Close();
        }

        await sending;
    }

    private static void WriteHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream";
        // Whatever a proxy does with other answers, it must neither compress nor gather this one. "identity" is for Caddy before 2.6.3,
        // which compresses what says no-transform and then never flushes it.
        headers.CacheControl = "no-store, no-transform";
        headers.ContentEncoding = "identity";
        headers["X-Accel-Buffering"] = "no";
        if (context.Request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            // One that is allowed, or the request would not have come here.
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowCredentials = "true";
            headers.Vary = "Origin";
        }

        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    private void Send(Frame frame)
    {
        if (!_outgoing.TryAdd(frame))
            CutOff();
    }

    private void CutOff()
    {
        Close();
        _tooSlow.Cancel();
    }

    private async Task SendAllAsync(HttpContext context, TimeProvider time)
    {
        var writer = context.Response.BodyWriter;
        await using var gone = context.RequestAborted.UnsafeRegister(stream => ((EventStreamConsumer)stream!).Close(), this);
        try
        {
            while (await _outgoing.WaitAsync())
                await SendWaitingAsync(writer, time);
        }
        catch (TimeoutException)
        {
            CutOff();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Nobody is there, or nobody who keeps up.
            Close();
        }

        // An end in good order would have to wait for the reader.
        if (_tooSlow.IsCancellationRequested)
            context.Abort();
    }

    private async ValueTask SendWaitingAsync(PipeWriter writer, TimeProvider time)
    {
        var (messages, bytes) = (0, 0);
        while (_outgoing.TryDequeue(out var frame))
        {
            writer.Write(frame.Bytes.Span);
            messages += frame.Count;
            bytes += frame.Bytes.Length;
            if (bytes < MaxUnflushed)
                continue;
            await FlushAsync(writer, time);
            _outgoing.MarkSent(messages, bytes);
            (messages, bytes) = (0, 0);
        }

        await FlushAsync(writer, time);
        _outgoing.MarkSent(messages, bytes);
    }

    /// <exception cref="TimeoutException">The connection took nothing for too long.</exception>
    /// <exception cref="OperationCanceledException">Too much waits meanwhile.</exception>
    private async ValueTask FlushAsync(PipeWriter writer, TimeProvider time)
    {
        _tooSlow.Token.ThrowIfCancellationRequested();
        var flush = writer.FlushAsync(CancellationToken.None);
        if (flush.IsCompletedSuccessfully)
            _ = flush.Result;
        else
            await flush.AsTask().WaitAsync(OutgoingQueue.SendTimeout, time, _tooSlow.Token);
    }
}
