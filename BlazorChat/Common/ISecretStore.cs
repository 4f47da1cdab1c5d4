namespace BlazorChat.Common;

/// <summary>The secrets that all nodes of the deployment share.</summary>
internal interface ISecretStore
{
    /// <summary>Reads a secret, and creates it at the first call.</summary>
    /// <returns>32 bytes, the same on every node, also when two nodes create the secret at once.</returns>
    Task<byte[]> ReadAsync(string name, CancellationToken cancellationToken);
}
