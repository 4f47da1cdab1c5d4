using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Admission;

/// <summary>
/// Which pages may open a connection with their visitor's cookie: those of this host, and those of <c>Channels:AllowedOrigins</c>.
/// A program that is no browser says no origin.
/// </summary>
internal sealed class Origins(IOptions<ChannelOptions> options)
{
    public bool Allows(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || options.Value.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsOf(page, request.Host, request.Scheme));
    }

    /// <summary>The page would be allowed if the request had come with the page's scheme: a proxy does not say which one its visitor uses.</summary>
    public static bool DiffersInScheme(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var page)
        && page.Scheme != request.Scheme
        && IsOf(page, request.Host, page.Scheme);

    private static bool IsOf(Uri page, HostString host, string scheme) =>
        page.Scheme == scheme
        && string.Equals(page.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && page.Port == (host.Port ?? (scheme == Uri.UriSchemeHttps ? 443 : 80));
}
