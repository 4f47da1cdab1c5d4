using BlazorChat.Accounts.Rights;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace BlazorChat.Accounts.Sessions;

/// <summary>
/// Renews sessions behind responses with caching headers of their own: in the database alone, since the cookie is only the key. ASP.NET Core
/// would make a response that renews the cookie uncacheable.
/// </summary>
internal static class CookieRenewal
{
    public static async Task RenewWithoutCookieAsync(CookieValidatePrincipalContext context, DateTimeOffset now)
    {
        if (!context.ShouldRenew || !IsCached(context.HttpContext) || context.Principal is not { SessionId: { } sessionId } principal)
            return;
        context.ShouldRenew = false;
        var properties = context.Properties.Clone();
        var life = properties.ExpiresUtc - properties.IssuedUtc;
        (properties.IssuedUtc, properties.ExpiresUtc) = (now, now + life);
        var store = context.HttpContext.RequestServices.GetRequiredService<SessionStore>();
        await store.RenewAsync(sessionId, new AuthenticationTicket(principal, properties, context.Scheme.Name), context.HttpContext.RequestAborted);
    }

    public static Task OnCheckSlidingExpiration(CookieSlidingExpirationContext context)
    {
        context.ShouldRenew &= !IsCached(context.HttpContext);
        return Task.CompletedTask;
    }

    private static bool IsCached(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<CacheableEndpointAttribute>() is not null;
}
