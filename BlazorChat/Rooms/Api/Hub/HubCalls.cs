using BlazorChat.Common;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>Filters every call of the hub: refuses it when the sign-in has ended, and converts refusals and failures.</summary>
internal sealed partial class HubCalls(ILogger<HubCalls> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var consumer = HubConsumer.Of(invocationContext.Context);
        if (consumer.HasEnded)
            throw HubRefusal.Create("unauthorized", "The sign-in has ended.");
        consumer.Touch();
        try
        {
            return await next(invocationContext);
        }
        catch (RefusedException refused)
        {
            throw HubRefusal.Create(refused);
        }
        catch (Exception exception) when (exception is not (HubException or OperationCanceledException))
        {
            LogFailed(logger, exception, invocationContext.HubMethodName);
            throw HubRefusal.Create("failed", "The server failed. Call again, a send with the same id.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A call of {Method} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method);
}
