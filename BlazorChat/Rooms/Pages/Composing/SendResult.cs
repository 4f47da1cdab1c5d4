using System.Text.Json.Serialization;
using BlazorChat.Common;

namespace BlazorChat.Rooms.Pages.Composing;

/// <summary>What became of a send, as the composer's script reads it.</summary>
/// <param name="Reason">For the sender to read; null when accepted.</param>
/// <param name="RetryAfter">Milliseconds to wait before it is sent again; null for what the browser thinks right.</param>
public sealed record SendResult(SendStatus Status, string? Reason, double? RetryAfter = null)
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

    /// <summary>Against the rules: sending it again cannot help.</summary>
    Refused,

    /// <summary>Something broke: sending it again with the same id may help, and cannot double it.</summary>
    Failed,
}
