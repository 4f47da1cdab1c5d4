using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>The secret of a deployment that a test knows.</summary>
internal sealed class KnownSecret(byte[] secret) : ILayerSecret
{
    /// <summary>All nodes without a database are of one deployment.</summary>
    public static byte[] OfTests { get; } = new byte[32];

    public Task<byte[]> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(secret);
}
