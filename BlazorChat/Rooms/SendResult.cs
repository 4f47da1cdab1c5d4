using System.Text.Json.Serialization;

namespace BlazorChat.Rooms;

/// <summary>What became of a send, as the composer's script reads it.</summary>
/// <param name="Reason">For the sender to read; null when accepted.</param>
public sealed record SendResult(SendStatus Status, string? Reason)
{
    public static readonly SendResult Accepted = new(SendStatus.Accepted, null);
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
