namespace BlazorChat.Channels.Layer.Envelopes;

/// <summary>
/// The secret of a deployment, which its nodes share and Redis does not have. The nodes sign with it what they publish through Redis. The
/// app registers an implementation when the layer runs over Redis; it is read once, at start.
/// </summary>
public interface ILayerSecret
{
    /// <returns>At least 32 bytes, the same on every node and at each start.</returns>
    Task<byte[]> ReadAsync(CancellationToken cancellationToken);
}
