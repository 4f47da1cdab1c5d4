using System.Security.Claims;
using Microsoft.AspNetCore.Diagnostics;

namespace BlazorChat.Channels;

public static class ConsumerEndpoints
{
    /// <summary>
    /// Gives each connection at an address a consumer of its own, made with the connection's services: a WebSocket or an event
    /// stream, as the consumer is. Route values and their constraints are the pattern's; authorisation, rate limits and other
    /// policies are added to the result like to any endpoint.
    /// </summary>
    /// <param name="pattern">A route pattern: <c>/ws/chat/{roomId:int}/chat/</c>.</param>
    public static IEndpointConventionBuilder MapConsumer<TConsumer>(this IEndpointRouteBuilder endpoints, string pattern)
        where TConsumer : ConnectionConsumer =>
        endpoints.MapGet(pattern, ServeAsync<TConsumer>).DisableCookieRedirect().WithDisplayName(typeof(TConsumer).Name);

    private static async Task ServeAsync<TConsumer>(HttpContext context)
        where TConsumer : ConnectionConsumer
    {
        var services = context.RequestServices;
        // A program wants the status, not a page about it.
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        var consumer = ActivatorUtilities.CreateInstance<TConsumer>(services);
        if (!consumer.TryRead(context))
            return;

        if (!services.GetRequiredService<Origins>().Allows(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        try
        {
            await consumer.PrepareAsync(CreateScope(context, consumer.Protocol), context.RequestAborted);
        }
        catch (ConnectionRefusedException refused)
        {
            context.Response.StatusCode = refused.StatusCode;
            return;
        }

        await using var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(consumer.EndForRestart);
        using var tracked = services.GetRequiredService<Connections>().Track(consumer.Scope.User, consumer.EndForSignOut);
        await consumer.ServeAsync(context);
    }

    private static ConsumerScope CreateScope(HttpContext context, string protocol) => new()
    {
        Protocol = protocol,
        Path = context.Request.Path.Value ?? "",
        RouteValues = context.Request.RouteValues,
        Query = context.Request.QueryString.Value ?? "",
        User = context.User,
        SessionId = context.User.FindFirstValue(Connections.SessionClaim),
        Services = context.RequestServices,
    };
}
