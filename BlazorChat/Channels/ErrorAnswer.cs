using BlazorChat.Common;

namespace BlazorChat.Channels;

/// <summary>The answer to a request that was refused: a status and an <see cref="ErrorFrame"/>.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">For programs: one of the codes in docs/protocol.md.</param>
/// <param name="message">A sentence for people.</param>
/// <param name="retryAfter">The value of <c>Retry-After</c>, in whole seconds; null when repeating the request cannot help.</param>
internal sealed class ErrorAnswer(int status, string code, string message, int? retryAfter = null) : IResult
{
    public ErrorAnswer(RefusedException refused)
        : this(refused.StatusCode, refused.WireCode, refused.Message, refused.RetryAfterSeconds)
    {
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        if (retryAfter is { } seconds)
            response.Headers.RetryAfter = $"{seconds}";
        return response.WriteAsJsonAsync(new ErrorFrame(code, message), ErrorFrameJson.Default.ErrorFrame, cancellationToken: httpContext.RequestAborted);
    }
}
