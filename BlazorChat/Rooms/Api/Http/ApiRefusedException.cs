using BlazorChat.Channels;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>A refused request.</summary>
/// <param name="code">For programs: one of the codes in docs/protocol.md.</param>
/// <param name="reason">For people.</param>
internal sealed class ApiRefusedException(int statusCode, string code, string reason) : Exception(reason)
{
    public ErrorAnswer Answer => new(statusCode, code, Message);
}
