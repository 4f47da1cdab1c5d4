namespace BlazorChat.Channels.Layer;

/// <summary>
/// What only the nodes of one deployment know, and Redis does not: with it they sign what they write there. Needed when the
/// layer is over Redis.
/// </summary>
public interface ILayerSecret
{
    /// <returns>At least 32 bytes, the same on every node and at each start.</returns>
    Task<byte[]> ReadAsync(CancellationToken cancellationToken);
}
