using BlazorChat.Rooms.Messages;

namespace BlazorChat.Rooms.Pages;

/// <summary>
/// Passes the first messages of a room from the prerendered page to its circuit. Blazor holds the restored object as long as the circuit lives, so
/// the reader removes the messages from it.
/// </summary>
public sealed class RoomOpening
{
    public MessagePage? Page { get; set; }

    /// <summary>Removes and returns the messages; null when they were too long to be passed, or were removed already.</summary>
    public MessagePage? RemovePage()
    {
        var page = Page;
        Page = null;
        return page;
    }
}
