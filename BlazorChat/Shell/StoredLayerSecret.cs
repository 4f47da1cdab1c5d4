using BlazorChat.Channels.Layer.Envelopes;
using BlazorChat.Common;

namespace BlazorChat.Shell;

/// <summary>The layer's secret is in the database, which all nodes share and Redis does not have.</summary>
internal sealed class StoredLayerSecret(ISecretStore secrets) : ILayerSecret
{
    public Task<byte[]> ReadAsync(CancellationToken cancellationToken) => secrets.ReadAsync("layer", cancellationToken);
}
