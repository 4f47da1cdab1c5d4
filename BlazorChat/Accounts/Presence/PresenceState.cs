namespace BlazorChat.Accounts.Presence;

/// <summary>Whether a person is connected, over all their tabs, programs and nodes. Of two states the higher one counts.</summary>
public enum PresenceState
{
    /// <summary>This node cannot know it: the layer is degraded, and the person is not connected here.</summary>
    Unknown,

    /// <summary>Not connected.</summary>
    Offline,

    /// <summary>Connected, without activity for five minutes.</summary>
    Away,

    /// <summary>Connected and active; a bot that is connected.</summary>
    Online,
}
