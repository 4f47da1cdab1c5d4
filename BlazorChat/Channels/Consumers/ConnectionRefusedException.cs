namespace BlazorChat.Channels.Consumers;

/// <summary>A connection that is not accepted; the peer gets the HTTP status.</summary>
public sealed class ConnectionRefusedException(int statusCode) : Exception($"The connection is answered with status {statusCode}.")
{
    public int StatusCode { get; } = statusCode;
}
