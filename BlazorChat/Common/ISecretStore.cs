namespace BlazorChat.Common;

/// <summary>The secrets of the deployment, which all its nodes share.</summary>
internal interface ISecretStore
{
    /// <returns>32 bytes, the same on every node, also when two ask for the first time at once.</returns>
    Task<byte[]> ReadAsync(string name, CancellationToken cancellationToken);
}
