using BlazorChat.Accounts.Rights;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorChat.Liveblogs.Layout;

/// <summary>
/// Sets no antiforgery cookie on readers' pages for anonymous readers: these pages have no form for them, and a response with a cookie could not be
/// cached for all.
/// </summary>
internal sealed class ReaderAntiforgery(IAntiforgery inner) : IAntiforgery
{
    private static readonly AntiforgeryTokenSet None = new(null, null, "none", null);

    /// <summary>Wraps the antiforgery service of the framework.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddAntiforgery();
        var own = services.Last(service => service.ServiceType == typeof(IAntiforgery)).ImplementationType!;
        services.Replace(ServiceDescriptor.Singleton<IAntiforgery>(
            provider => new ReaderAntiforgery((IAntiforgery)ActivatorUtilities.CreateInstance(provider, own))));
    }

    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => HasNoForm(httpContext) ? None : inner.GetAndStoreTokens(httpContext);

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => HasNoForm(httpContext) ? None : inner.GetTokens(httpContext);

    public Task<bool> IsRequestValidAsync(HttpContext httpContext) => inner.IsRequestValidAsync(httpContext);

    public Task ValidateRequestAsync(HttpContext httpContext) => inner.ValidateRequestAsync(httpContext);

    public void SetCookieTokenAndHeader(HttpContext httpContext) => inner.SetCookieTokenAndHeader(httpContext);

    private static bool HasNoForm(HttpContext http) =>
        !http.User.IsSignedIn && http.GetEndpoint()?.Metadata.GetMetadata<ReaderPageAttribute>() is not null;
}
