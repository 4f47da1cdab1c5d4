namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>What <c>wwwroot/js/notifications/calls.js</c> shows of the newest message that calls the reader.</summary>
/// <param name="Sequence">The message; a browser calls once for it, however many tabs it has.</param>
/// <param name="Body">Its beginning, without formatting.</param>
/// <param name="PlaysSound">Whether the reader wants a sound.</param>
internal sealed record RoomCall(int RoomId, long Sequence, string Title, string Body, bool PlaysSound);
