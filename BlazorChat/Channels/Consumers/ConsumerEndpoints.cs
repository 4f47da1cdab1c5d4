using BlazorChat.Channels.Admission;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace BlazorChat.Channels.Consumers;

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
        endpoints.MapGet(pattern, ServeAsync<TConsumer>).WithDisplayName(typeof(TConsumer).Name).WithMetadata(new ConsumerMetadata())
            .Admit(AdmissionKind.Connection).ForPrograms();

    /// <summary>A program wants a status, not a page about it, nor to be led to the sign-in page.</summary>
    internal static TBuilder ForPrograms<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.DisableCookieRedirect().WithMetadata(new SkipStatusCodePagesAttribute());

    private static async Task ServeAsync<TConsumer>(HttpContext context)
        where TConsumer : ConnectionConsumer
    {
        var services = context.RequestServices;
        var consumer = ActivatorUtilities.CreateInstance<TConsumer>(services);
        if (!consumer.TryRead(context))
            return;

        if (await HasInvalidKeyAsync(context))
        {
            await context.ChallengeAsync();
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
        consumer.Scope.Track(services.GetRequiredService<ConnectionRegistry>(), consumer.OnSignInEnded);
        try
        {
            await consumer.ServeAsync(context);
        }
        finally
        {
            consumer.Scope.Untrack();
        }
    }

    /// <summary>Who shows a key that is none is told so, also where strangers may come in.</summary>
    private static async ValueTask<bool> HasInvalidKeyAsync(HttpContext context) =>
        context.Request.Headers.Authorization.Count > 0
        && context.RequestServices.GetService<IAuthenticationService>() is { } authentication
        && (await authentication.AuthenticateAsync(context, null)).Failure is not null;

    internal static ConsumerScope CreateScope(HttpContext context, string protocol) => new()
    {
        Protocol = protocol,
        Path = context.Request.Path.Value ?? "",
        RouteValues = context.Request.RouteValues,
        Query = context.Request.QueryString.Value ?? "",
        User = context.User,
        Headers = context.Request.Headers,
        Client = context.Connection.RemoteIpAddress,
        Services = context.RequestServices,
    };

    /// <summary>Metadata of every address that has a consumer.</summary>
    internal sealed class ConsumerMetadata;
}
