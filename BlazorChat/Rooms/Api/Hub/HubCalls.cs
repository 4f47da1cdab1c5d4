using BlazorChat.Common;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>Stands before every call of the hub: whether the sign-in holds, and how a refusal or a failure is reported.</summary>
internal sealed partial class HubCalls(ILogger<HubCalls> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (HubConsumer.Of(invocationContext.Context).HasEnded)
            throw HubRefusal.Create("unauthorized", "The sign-in has ended.");
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
            throw HubRefusal.Create("failed", "This could not be done: call again, a send with the same id.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A call of {Method} could not be carried out")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method);
}
