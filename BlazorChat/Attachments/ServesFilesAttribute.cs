using BlazorChat.Accounts.Rights;

namespace BlazorChat.Attachments;

/// <summary>An endpoint that gives out what people uploaded: what it answers may do nothing in a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ServesFilesAttribute : Attribute;

internal static class FileEndpoints
{
    /// <summary>Marks an endpoint that gives out what people uploaded, with caching headers of its own.</summary>
    public static TBuilder ServesFiles<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ServesFilesAttribute(), new KeepsCachingHeadersAttribute());
}
