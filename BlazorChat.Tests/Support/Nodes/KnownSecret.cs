using BlazorChat.Channels.Layer.Envelopes;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>A secret of a deployment that the test chooses.</summary>
internal sealed class KnownSecret(byte[] secret) : ILayerSecret
{
    /// <summary>The secret of all nodes without a database, which form one deployment.</summary>
    public static byte[] OfTests { get; } = new byte[32];

    public Task<byte[]> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(secret);
}
