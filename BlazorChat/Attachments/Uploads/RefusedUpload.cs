namespace BlazorChat.Attachments.Uploads;

/// <summary>
/// Answers an upload that is refused. The server reads the rest of the body after the answer: closing a connection that the client
/// still writes to would reset it, and the client would never read the reason.
/// </summary>
internal static class RefusedUpload
{
    private const int BufferSize = 64 * 1024;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(2);

    /// <param name="maxRest">Bytes that are read after the answer; a longer body still ends in a closed connection.</param>
    public static async Task<IResult> AnswerAsync(HttpContext context, IResult refusal, long maxRest)
    {
        await refusal.ExecuteAsync(context);
        await context.Response.CompleteAsync();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(MaxTime);
        try
        {
            await DrainAsync(context.Request.Body, maxRest, timeout.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client is disconnected, or sends too slowly. It has the answer.
        }

        return TypedResults.Empty;
    }

    /// <summary>Whether the client sends the body only after a 100-continue, so that there is nothing to drain.</summary>
    public static bool WaitsForContinue(HttpRequest request) =>
        request.Headers.Expect.ToString().Equals("100-continue", StringComparison.OrdinalIgnoreCase);

    private static async Task DrainAsync(Stream body, long maxRest, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        int read;
        for (var left = maxRest; left > 0 && (read = await body.ReadAsync(buffer, cancellationToken)) > 0; left -= read)
        {
            // The bytes are discarded.
        }
    }
}
