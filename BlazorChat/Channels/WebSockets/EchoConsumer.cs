namespace BlazorChat.Channels.WebSockets;

/// <summary>Sends each message back to its peer, to test a connection: the smallest WebSocket consumer.</summary>
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
