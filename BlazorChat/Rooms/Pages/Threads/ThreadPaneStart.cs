using BlazorChat.Rooms.Threads;

namespace BlazorChat.Rooms.Pages.Threads;

/// <summary>
/// Passes a thread from the prerendered page to its circuit. Blazor holds the restored object as long as the circuit lives, so the reader removes
/// the messages from it.
/// </summary>
public sealed class ThreadPaneStart
{
    public ThreadOpening? Thread { get; set; }

    /// <summary>Removes and returns the thread; null when it was too long to be passed, or was removed already.</summary>
    public ThreadOpening? Remove()
    {
        var thread = Thread;
        Thread = null;
        return thread;
    }
}
