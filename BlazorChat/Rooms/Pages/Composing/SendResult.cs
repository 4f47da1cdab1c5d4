using System.Text.Json.Serialization;
using BlazorChat.Common;

namespace BlazorChat.Rooms.Pages.Composing;

/// <summary>The result of a send or an edit, for the composer's script.</summary>
/// <param name="Reason">A sentence for the sender: why it was not accepted, or what it did not do; null for none.</param>
/// <param name="RetryAfter">Milliseconds until the retry; null to let the script decide.</param>
/// <param name="At">UTC, which the script writes instead of <c>{0}</c> in the sentence; null for none.</param>
public sealed record SendResult(SendStatus Status, string? Reason, double? RetryAfter = null, DateTime? At = null)
{
    public static readonly SendResult Accepted = new(SendStatus.Accepted, null);

    internal static SendResult From(RefusedException refused) => refused.RetryAfter is { } wait
        ? new(SendStatus.Failed, refused.Message, Math.Ceiling(wait.TotalMilliseconds))
        : new(SendStatus.Refused, refused.Message);
}

[JsonConverter(typeof(JsonStringEnumConverter<SendStatus>))]
public enum SendStatus
{
    /// <summary>Committed.</summary>
    Accepted,

    /// <summary>A rule refused it; a retry cannot help.</summary>
    Refused,

    /// <summary>A failure; a retry with the same id may help and cannot store it twice.</summary>
    Failed,
}
