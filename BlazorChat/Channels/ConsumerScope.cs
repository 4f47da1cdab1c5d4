using System.Security.Claims;

namespace BlazorChat.Channels;

/// <summary>What a consumer knows of its connection; one per connection, for as long as it lasts.</summary>
public sealed class ConsumerScope
{
    /// <summary>"circuit" for Blazor, "node" and "worker" for what belongs to no visitor; the other doors have names of their own.</summary>
    public required string Protocol { get; init; }

    /// <summary>The path that was asked for, from the application's root, without the query.</summary>
    public required string Path { get; init; }

    public IReadOnlyDictionary<string, object?> RouteValues { get; init; } = new Dictionary<string, object?>();

    /// <summary>With its leading question mark, or empty.</summary>
    public string Query { get; init; } = "";

    /// <summary>Who is connected; an unauthenticated principal for a stranger.</summary>
    public required ClaimsPrincipal User { get; init; }

    /// <summary>The server-side session, where there is one.</summary>
    public string? SessionId { get; init; }

    /// <summary>The connection's own services.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Anything the consumers of this connection want to keep.</summary>
    public IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();
}
