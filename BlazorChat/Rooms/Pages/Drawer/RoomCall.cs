namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>What <c>wwwroot/js/notifications/calls.js</c> shows of the newest message that calls the reader.</summary>
/// <param name="Sequence">The message, or the number of the reply in its thread; a browser calls once for it, however many tabs it has.</param>
/// <param name="Body">Its beginning, without formatting.</param>
/// <param name="PlaysSound">Whether the reader wants a sound.</param>
internal sealed record RoomCall(int RoomId, long Sequence, string Title, string Body, bool PlaysSound)
{
    /// <summary>The sequence of the message whose thread has the reply; null for a message of the room.</summary>
    public long? Root { get; init; }
}
