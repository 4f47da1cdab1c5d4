using System.Net.WebSockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels;

public static class ConsumerEndpoints
{
    /// <summary>
    /// Gives each WebSocket at an address a consumer of its own, made with the connection's services. Route values and their
    /// constraints are the pattern's; authorisation, rate limits and other policies are added to the result like to any endpoint.
    /// </summary>
    /// <param name="pattern">A route pattern: <c>/ws/chat/{roomId:int}/chat/</c>.</param>
    public static IEndpointConventionBuilder MapConsumer<TConsumer>(this IEndpointRouteBuilder endpoints, string pattern)
        where TConsumer : WebSocketConsumer =>
        endpoints.MapGet(pattern, ServeAsync<TConsumer>).DisableCookieRedirect().WithDisplayName(typeof(TConsumer).Name);

    private static async Task ServeAsync<TConsumer>(HttpContext context)
        where TConsumer : WebSocketConsumer
    {
        var services = context.RequestServices;
        // A program wants the status, not a page about it.
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "websocket";
            return;
        }

        if (!services.GetRequiredService<Origins>().Allows(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var consumer = ActivatorUtilities.CreateInstance<TConsumer>(services);
        try
        {
            await consumer.PrepareAsync(CreateScope(context), context.RequestAborted);
        }
        catch (ConnectionRefusedException refused)
        {
            context.Response.StatusCode = refused.StatusCode;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await using var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(
            () => consumer.Close(WebSocketCloseStatus.EndpointUnavailable, "The server restarts: reconnect."));
        using var tracked = services.GetRequiredService<Connections>().Track(
            consumer.Scope.User, () => consumer.Close(WebSocketCloseStatus.PolicyViolation, "The sign-in has ended."));
        await consumer.ServeAsync(
            socket,
            services.GetRequiredService<ChannelLayer>(),
            services.GetRequiredService<IOptions<ChannelOptions>>().Value.MaxMessageLength,
            context.RequestAborted);
    }

    private static ConsumerScope CreateScope(HttpContext context) => new()
    {
        Protocol = "websocket",
        Path = context.Request.Path.Value ?? "",
        RouteValues = context.Request.RouteValues,
        Query = context.Request.QueryString.Value ?? "",
        User = context.User,
        SessionId = context.User.FindFirstValue(Connections.SessionClaim),
        Services = context.RequestServices,
    };
}
