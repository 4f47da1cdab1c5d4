namespace BlazorChat.Channels.Consumers;

/// <summary>
/// Refuses a connection: <see cref="ConnectionConsumer.OnConnectingAsync"/> throws it, and the client gets the HTTP status.
/// </summary>
/// <param name="statusCode">An HTTP status, such as 403 or 404.</param>
public sealed class ConnectionRefusedException(int statusCode) : Exception($"The connection is answered with status {statusCode}.")
{
    /// <summary>The HTTP status of the response.</summary>
    public int StatusCode { get; } = statusCode;
}
