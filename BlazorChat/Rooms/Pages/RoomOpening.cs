using BlazorChat.Rooms.Messages;

namespace BlazorChat.Rooms.Pages;

/// <summary>
/// The messages that a room opens with, on their way from the page into its circuit. Blazor holds the object that it has restored for as long as
/// the circuit lives, so the messages are taken out of it.
/// </summary>
public sealed class RoomOpening
{
    public MessagePage? Page { get; set; }

    /// <summary>Null when they were too long to come along, or have been taken.</summary>
    public MessagePage? Take()
    {
        var page = Page;
        Page = null;
        return page;
    }
}
