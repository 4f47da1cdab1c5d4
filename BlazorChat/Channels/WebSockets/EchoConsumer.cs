namespace BlazorChat.Channels.WebSockets;

/// <summary>Sends back what it is sent: the smallest consumer there is, and a way to try a connection.</summary>
internal sealed class EchoConsumer : WebSocketConsumer
{
    protected override ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken)
    {
        SendText(text);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask ReceiveBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        SendBinary(bytes.ToArray());
        return ValueTask.CompletedTask;
    }
}
