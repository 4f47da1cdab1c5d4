namespace BlazorChat.Benchmarks.Sends;

/// <summary>A way to store messages: when a send returns, the message is on the disk.</summary>
internal interface ISendPeer : IAsyncDisposable
{
    /// <param name="sender">From 0.</param>
    /// <returns>The message's sequence in the room.</returns>
    Task<long> SendAsync(int sender, string text, CancellationToken cancellationToken);
}
