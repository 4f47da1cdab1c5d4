using System.Buffers;
using System.IO.Pipelines;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.AspNetCore.Http.Features;

namespace BlazorChat.Channels.EventStreams;

/// <summary>
/// A consumer that serves one HTTP stream of server-sent events. What it sends waits in a queue of at most 1,024 events and 1 MiB. A reader
/// that reads too slowly is disconnected; a browser then reconnects by itself and names the last event that it has
/// (<see cref="LastEventId"/>). The base class sends the reconnection delay and heartbeats.
/// </summary>
/// <remarks>
/// ASP.NET Core's <c>TypedResults.ServerSentEvents</c> encodes each event again for each reader, and waits for a slow reader without a limit.
/// </remarks>
/// <example>
/// <code>
/// internal sealed class BellStreamConsumer : EventStreamConsumer, IHandle&lt;BellRung&gt;
/// {
///     protected override IEnumerable&lt;string&gt; Groups => ["bell"];
///
///     public ValueTask HandleAsync(BellRung message, CancellationToken cancellationToken)
///     {
///         Send(new EventStreamMessage(message.By, name: "rung"));
///         return ValueTask.CompletedTask;
///     }
/// }
///
/// app.MapConsumer&lt;BellStreamConsumer&gt;("/bell/events");
/// </code>
/// </example>
public abstract class EventStreamConsumer : ConnectionConsumer
{
    /// <summary>The number of bytes that are written before a flush is awaited.</summary>
    private const int MaxUnflushed = 32 * 1024;

    private readonly CancellationTokenSource _tooSlow = new();

    /// <summary>
    /// The id of the newest event that the reader has: its header <c>Last-Event-ID</c>, which browsers send when they reconnect, or else the
    /// query's <c>after</c>, for tools and for pages that know their position. Null for a reader with neither. It is not validated.
    /// </summary>
    protected string? LastEventId { get; private set; }

    internal sealed override string Protocol => "event-stream";

    /// <summary>Enqueues an event and returns at once. When the queue is full, the reader is disconnected. Any thread may call it.</summary>
    protected void Send(EventStreamMessage message) => Send(new Frame(message.Bytes));

    /// <summary>
    /// Waits until the queue is at most half full, then enqueues an event. History is sent in this way, at the speed of the connection. A
    /// reader whose queue stays fuller for ten seconds is disconnected.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while it waited.</exception>
    protected ValueTask SendAsync(EventStreamMessage message, CancellationToken cancellationToken) =>
        SendAsync(new Frame(message.Bytes), cancellationToken);

    /// <summary>Ends the stream after the events that were sent. A browser reconnects until a response is not a stream, such as status 204.</summary>
    protected void Close() => Outgoing.Complete();

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
        Send(heartbeat.Opening);
        var hasJoined = await TryAsync(() => JoinGroupsAsync(Scope, layer, context.RequestAborted));
        WriteHeaders(context);
        using var heartbeats = heartbeat.Add(Outgoing);
        var sending = SendAllAsync(context, context.RequestServices.GetRequiredService<TimeProvider>());
        if (hasJoined)
            await TryAsync(() => StartAsync(context.RequestAborted));
        await sending;

        async ValueTask<bool> TryAsync(Func<ValueTask> step)
        {
            try
            {
                await step();
                return true;
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

            return false;
        }
    }

    private static void WriteHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream";
        // Proxies must neither compress nor buffer the stream. "identity" is for Caddy before 2.6.3, which compresses a response in spite
        // of no-transform and then never flushes it.
        headers.CacheControl = "no-store, no-transform";
        headers.ContentEncoding = "identity";
        headers["X-Accel-Buffering"] = "no";
        if (context.Request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            // AdmissionControl has refused the origins that are not allowed.
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowCredentials = "true";
            headers.Vary = "Origin";
        }

        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    private protected sealed override void CutOff()
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
            while (await Outgoing.WaitAsync())
                await SendWaitingAsync(writer, time);
        }
        catch (TimeoutException)
        {
            CutOff();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The connection is closed, or the reader is too slow.
            Close();
        }

        // A regular end would wait for the reader.
        if (_tooSlow.IsCancellationRequested)
            context.Abort();
    }

    private async ValueTask SendWaitingAsync(PipeWriter writer, TimeProvider time)
    {
        var (messages, bytes) = (0, 0);
        while (Outgoing.TryDequeue(out var frame))
        {
            writer.Write(frame.Bytes.Span);
            messages += frame.Count;
            bytes += frame.Bytes.Length;
            if (bytes < MaxUnflushed)
                continue;
            await FlushAsync(writer, time);
            Outgoing.MarkSent(messages, bytes);
            (messages, bytes) = (0, 0);
        }

        await FlushAsync(writer, time);
        Outgoing.MarkSent(messages, bytes);
    }

    /// <exception cref="TimeoutException">The flush took longer than <see cref="OutgoingQueue.SendTimeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The queue became full meanwhile.</exception>
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
