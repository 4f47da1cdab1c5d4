namespace BlazorChat.Notifications.Push;

/// <summary>Sends messages to browsers by their push services.</summary>
internal interface IPushSender
{
    /// <summary>
    /// Encrypts a message and sends it. Whatever the service does, the answer is a result; only <paramref name="cancellationToken"/> throws.
    /// </summary>
    Task<PushResult> SendAsync(PushTarget target, PushMessage message, CancellationToken cancellationToken);
}

/// <summary>A browser's subscription.</summary>
internal sealed record PushTarget(Uri Endpoint, byte[] PublicKey, byte[] AuthSecret);

/// <summary>What the service worker of a browser receives.</summary>
/// <param name="Payload">UTF-8, at most <see cref="MaxPayload"/> bytes.</param>
/// <param name="Topic">
/// A later message with the same topic replaces this one while the browser is not reachable: 1 to 32 characters of base64url (RFC 8030, 5.4).
/// </param>
/// <param name="TimeToLive">How long the service tries.</param>
/// <param name="IsUrgent">Whether a sleeping phone is woken.</param>
internal sealed record PushMessage(ReadOnlyMemory<byte> Payload, string Topic, TimeSpan TimeToLive, bool IsUrgent)
{
    public const int MaxPayload = 3 * 1024;
}

internal enum PushOutcome
{
    /// <summary>The service accepted the message.</summary>
    Accepted,

    /// <summary>The subscription has ended, or its service is not public: the device is removed.</summary>
    Gone,

    /// <summary>The service refuses this message for good. The subscription may live on.</summary>
    Refused,

    /// <summary>The service could not be reached, or asks to try again later.</summary>
    Later,
}

/// <param name="RetryAfter">How long the service asks to wait; null when the answer has none.</param>
/// <param name="Reason">For the log: no address, no text of a message.</param>
internal readonly record struct PushResult(PushOutcome Outcome, TimeSpan? RetryAfter = null, string? Reason = null);
