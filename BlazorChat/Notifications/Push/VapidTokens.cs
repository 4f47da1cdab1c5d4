using System.Collections.Concurrent;
using BlazorChat.Common;

namespace BlazorChat.Notifications.Push;

/// <summary>The key of this deployment, and its tokens for the push services in use.</summary>
internal sealed class VapidTokens(ISecretStore secrets, PushContact contact, TimeProvider time)
{
    /// <summary>A service refuses a token that is valid for more than a day (RFC 8292, 2).</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>A new token is made when an old one has less time left, so that differing clocks do not matter.</summary>
    private static readonly TimeSpan MinTimeLeft = TimeSpan.FromHours(1);

    /// <summary>People choose the services; browsers have a few.</summary>
    private const int MaxOrigins = 256;

    private readonly ConcurrentDictionary<string, (DateTimeOffset Expires, string Header)> _tokens = new(StringComparer.Ordinal);
    private VapidKey? _key;

    /// <summary>The key of the deployment.</summary>
    public async Task<VapidKey> GetKeyAsync(CancellationToken cancellationToken) =>
        _key ??= VapidKey.From(await secrets.ReadAsync("web-push", cancellationToken));

    /// <summary>The header <c>Authorization</c> for an endpoint.</summary>
    public async Task<string> AuthorizeAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        // The origin has no port when it is the default one.
        var origin = endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        var now = time.GetUtcNow();
        if (_tokens.TryGetValue(origin, out var known) && known.Expires - now >= MinTimeLeft)
            return known.Header;
        if (_tokens.Count >= MaxOrigins)
            _tokens.Clear();
        var expires = now + Lifetime;
        var header = (await GetKeyAsync(cancellationToken)).Authorize(origin, expires, contact.Subject);
        _tokens[origin] = (expires, header);
        return header;
    }
}

/// <summary>Creates the key at the first start of a deployment, so that reading a page writes nothing.</summary>
internal sealed class VapidKeyCreation(VapidTokens tokens) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => tokens.GetKeyAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
