using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// A consumer that serves one WebSocket whose messages are JSON objects, after Django Channels' <c>JsonWebsocketConsumer</c>. A text message
/// that is not an object of the expected shape is answered with an <see cref="ErrorFrame"/> of code <c>malformed</c>, and the socket stays
/// open. A binary message closes it with 1003.
/// </summary>
/// <typeparam name="TCommand">The shape of what a peer may send.</typeparam>
/// <param name="commands">The source-generated description of the shape; by default unknown fields are ignored.</param>
/// <example>
/// <code>
/// internal sealed record BellCommand(string? By);
///
/// [JsonSerializable(typeof(BellCommand))]
/// internal sealed partial class BellCommandJson : JsonSerializerContext;
///
/// internal sealed class BellSocketConsumer(IChannelLayer layer) : JsonWebSocketConsumer&lt;BellCommand&gt;(BellCommandJson.Default.BellCommand)
/// {
///     protected override async ValueTask ReceiveJsonAsync(BellCommand command, CancellationToken cancellationToken)
///     {
///         if (command.By is { } by)
///             await layer.PublishAsync("bell", new BellRung(by), cancellationToken);
///         else
///             SendError("invalid", "Name who rings.");
///     }
/// }
/// </code>
/// </example>
public abstract class JsonWebSocketConsumer<TCommand>(JsonTypeInfo<TCommand> commands) : WebSocketConsumer
    where TCommand : class
{
    /// <summary>
    /// Handles one command of the peer. It does not overlap with another command or an event. What it throws is logged and closes the socket
    /// with 1011.
    /// </summary>
    /// <param name="command">The parsed message. Fields that the peer left out have their default values.</param>
    /// <param name="cancellationToken">Cancelled when the consumer begins to disconnect.</param>
    protected abstract ValueTask ReceiveJsonAsync(TCommand command, CancellationToken cancellationToken);

    protected sealed override async ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken)
    {
        if (Parse(text) is { } command)
            await ReceiveJsonAsync(command, cancellationToken);
        else
            SendError("malformed", "This is not a JSON object with fields of the right types.");
    }

    /// <summary>Encodes a frame as JSON and enqueues it; see <see cref="WebSocketConsumer.SendText(string)"/>.</summary>
    protected void SendJson<TFrame>(TFrame frame, JsonTypeInfo<TFrame> json) => SendText(JsonSerializer.SerializeToUtf8Bytes(frame, json));

    /// <summary>Sends an <see cref="ErrorFrame"/>: why a command was not carried out.</summary>
    /// <param name="code">For programs: one of the words in docs/protocol.md.</param>
    /// <param name="message">A sentence for people.</param>
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
