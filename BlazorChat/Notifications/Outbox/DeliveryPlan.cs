using BlazorChat.Notifications.Push;

namespace BlazorChat.Notifications.Outbox;

/// <summary>What is done with a delivery that is due.</summary>
/// <param name="Message">What is sent; null for nothing.</param>
/// <param name="Revision">The revision of the message that the device shows after it; null when it shows nothing.</param>
/// <param name="IsPostponed">Whether it is compared again after <see cref="CallDispatcher.WatchingDelay"/>.</param>
internal readonly record struct DeliveryPlan(PushMessage? Message, long? Revision, bool IsPostponed = false)
{
    /// <summary>Nothing is to be shown, and nothing is shown.</summary>
    public static readonly DeliveryPlan None;

    /// <summary>The person looks at the room.</summary>
    public static readonly DeliveryPlan Postponed = new(null, null, IsPostponed: true);
}
