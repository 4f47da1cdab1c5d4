namespace BlazorChat.Accounts.Presence;

/// <summary>An open connection of a person: a circuit, a socket, or a connection to the hub. Disposing it closes it. Thread-safe.</summary>
internal sealed class PresenceConnection(LocalPresence presence, int userId, bool isBot) : IDisposable
{
    private int _roomId;
    private long _root;

    public int UserId { get; } = userId;

    public bool IsBot { get; } = isBot;

    /// <summary>The room in the window of the connection, while the window has the focus; null for none.</summary>
    public int? RoomId
    {
        get => Volatile.Read(ref _roomId) is > 0 and var roomId ? roomId : null;
        set => Volatile.Write(ref _roomId, value ?? 0);
    }

    /// <summary>The thread beside the room, by the sequence of its first message; null for none.</summary>
    public long? ThreadRoot
    {
        get => Volatile.Read(ref _root) is > 0 and var root ? root : null;
        set => Volatile.Write(ref _root, value ?? 0);
    }

    /// <summary>When the person was last active in its window; null for not yet. Guarded by the lock of its owner.</summary>
    internal long? ActiveAt { get; set; }

    /// <summary>Notes that the person did something.</summary>
    public void Touch() => presence.Touch(this);

    public void Dispose() => presence.Close(this);
}
