using BlazorChat.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace BlazorChat.Shell.Circuits;

/// <summary>
/// Ends a connection for circuits that starts none within <c>Channels:CircuitStartTimeout</c>. A page starts or resumes a circuit at once.
/// </summary>
internal sealed class CircuitStart(IOptions<ChannelOptions> options, TimeProvider time) : IHubFilter
{
    private static readonly object TimerKey = new();

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        context.Context.Items[TimerKey] = time.CreateTimer(
            static connection => ((HubCallerContext)connection!).Abort(),
            context.Context, options.Value.CircuitStartTimeout, Timeout.InfiniteTimeSpan);
        await next(context);
    }

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next) =>
        // The names of Blazor's own hub methods (ComponentHub). Most calls are none of these.
        invocation.HubMethodName is "UpdateRootComponents" or "ConnectCircuit" or "ResumeCircuit" ? BeginAsync(invocation, next) : next(invocation);

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        StopTimer(context.Context);
        return next(context, exception);
    }

    private static async ValueTask<object?> BeginAsync(HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var result = await next(invocation);
        var isBegun = invocation.HubMethodName == "UpdateRootComponents" || result is true or string;
        if (isBegun)
            StopTimer(invocation.Context);
        return result;
    }

    private static void StopTimer(HubCallerContext connection)
    {
        if (connection.Items.Remove(TimerKey, out var timer))
            ((ITimer)timer!).Dispose();
    }
}
