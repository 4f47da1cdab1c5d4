using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Admission;

/// <summary>
/// The origins whose pages may open a connection with their visitor's cookie: this host, and those of <c>Channels:AllowedOrigins</c>. A request
/// without an origin comes from a program and is allowed.
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

    /// <summary>
    /// Whether the origin differs from this host in the scheme alone. A proxy that does not forward the scheme of its visitors causes this.
    /// </summary>
    public static bool DiffersInScheme(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var page)
        && page.Scheme != request.Scheme
        && IsOf(page, request.Host, page.Scheme);

    private static bool IsOf(Uri page, HostString host, string scheme) =>
        page.Scheme == scheme
        && string.Equals(page.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && page.Port == (host.Port ?? (scheme == Uri.UriSchemeHttps ? 443 : 80));
}
