using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// A WebSocket whose messages are JSON objects. What is no object of the expected shape is answered by an
/// <see cref="ErrorFrame"/>, and the socket stays open.
/// </summary>
/// <param name="commands">What a peer may send, as a source-generated context describes it; unknown fields are ignored.</param>
public abstract class JsonWebSocketConsumer<TCommand>(JsonTypeInfo<TCommand> commands) : WebSocketConsumer
    where TCommand : class
{
    /// <summary>Takes one command of the peer.</summary>
    protected abstract ValueTask ReceiveJsonAsync(TCommand command, CancellationToken cancellationToken);

    protected sealed override async ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken)
    {
        if (Parse(text) is { } command)
            await ReceiveJsonAsync(command, cancellationToken);
        else
            SendError("malformed", "This is not a JSON object with fields of the right types.");
    }

    protected void SendJson<TFrame>(TFrame frame, JsonTypeInfo<TFrame> json) => SendText(JsonSerializer.SerializeToUtf8Bytes(frame, json));

    /// <summary>Says why something was not carried out.</summary>
    /// <param name="code">For programs: one of the words in docs/protocol.md.</param>
    /// <param name="message">For people.</param>
    protected void SendError(string code, string message) => SendJson(new ErrorFrame(code, message), ErrorFrameJson.Default.ErrorFrame);

    private TCommand? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, commands);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
