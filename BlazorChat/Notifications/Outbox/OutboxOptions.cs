using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Notifications.Outbox;

/// <summary>The section <c>Notifications</c> of the settings: when messages call people on their devices.</summary>
internal sealed class OutboxOptions
{
    /// <summary>Seconds after which a message calls. A member who is looking at the room has read it by then.</summary>
    [Range(0, 600)]
    public double PushDelay { get; set; } = 5;
}
