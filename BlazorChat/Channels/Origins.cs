using Microsoft.Extensions.Options;

namespace BlazorChat.Channels;

/// <summary>
/// Which pages may open a connection with their visitor's cookie: those of this host, and those of <c>Channels:AllowedOrigins</c>.
/// A program that is no browser says no origin.
/// </summary>
internal sealed class Origins(IOptions<ChannelOptions> options)
{
    public bool Allows(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return true;
        if (options.Value.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && string.Equals(page.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && page.Port == (request.Host.Port ?? (request.IsHttps ? 443 : 80));
    }
}
