using BlazorChat.Channels;
using BlazorChat.Common;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>Answers refused and failed requests of programs with a status and an error.</summary>
internal sealed partial class ApiErrors(ILogger<ApiErrors> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ApiRefusedException refused)
        {
            return refused.Answer;
        }
        catch (RefusedException refused)
        {
            return new ErrorAnswer(refused);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception, context.HttpContext.GetEndpoint()?.DisplayName);
            return new ErrorAnswer(
                StatusCodes.Status500InternalServerError, "failed", "The server failed. Send the request again, a message with the same client_message_id.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A request to {Endpoint} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string? endpoint);
}

/// <summary>A refused request.</summary>
/// <param name="code">For programs: one of the codes in docs/protocol.md.</param>
/// <param name="reason">For people.</param>
internal sealed class ApiRefusedException(int statusCode, string code, string reason) : Exception(reason)
{
    public ErrorAnswer Answer => new(statusCode, code, Message);
}
