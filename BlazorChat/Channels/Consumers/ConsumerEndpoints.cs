using BlazorChat.Channels.Admission;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace BlazorChat.Channels.Consumers;

/// <summary>Routing for consumers: what <c>URLRouter</c> is in Django Channels.</summary>
public static class ConsumerEndpoints
{
    /// <summary>
    /// Maps a route pattern to a consumer. Each connection gets an instance of its own, created with the services of the request: a WebSocket
    /// or an event stream, depending on the consumer. <see cref="ConsumerScope.RouteValues"/> has the values of the pattern. Authorisation, rate
    /// limits and other policies are added to the result, as to any endpoint.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">A route pattern: <c>/ws/chat/{roomId:int}/chat/</c>.</param>
    /// <example>
    /// <code>app.MapConsumer&lt;LobbyConsumer&gt;("/ws/lobby/{name:alpha}/").RequireAuthorization();</code>
    /// </example>
    public static IEndpointConventionBuilder MapConsumer<TConsumer>(this IEndpointRouteBuilder endpoints, string pattern)
        where TConsumer : ConnectionConsumer =>
        endpoints.MapGet(pattern, ServeAsync<TConsumer>).WithDisplayName(typeof(TConsumer).Name).WithMetadata(new ConsumerMetadata())
            .Admit(AdmissionKind.Connection).ForPrograms();

    /// <summary>Answers programs with bare statuses, instead of pages about them and redirects to the sign-in page.</summary>
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

    /// <summary>A request with an invalid key is refused even where anonymous users may connect.</summary>
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

    /// <summary>Metadata of every endpoint that has a consumer.</summary>
    internal sealed class ConsumerMetadata;
}
