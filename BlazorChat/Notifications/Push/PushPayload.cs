using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorChat.Markup;

namespace BlazorChat.Notifications.Push;

/// <summary>What a service worker does with a message: <c>docs/protocol.md</c>.</summary>
internal enum PushKind
{
    /// <summary>Shows a notification, or replaces the one with the same tag.</summary>
    Message,

    /// <summary>Closes the notifications with the tag, or the tags.</summary>
    Clear,

    /// <summary>Shows that notifications work.</summary>
    Test,
}

/// <summary>The content of a message, which <c>wwwroot/service-worker.js</c> reads.</summary>
internal sealed record PushPayload
{
    /// <summary>UTF-16 code units. Together with the other bounds the payload is shorter than <see cref="PushMessage.MaxPayload"/> in every language.</summary>
    public const int MaxTitle = 100;

    /// <inheritdoc cref="MaxTitle"/>
    public const int MaxBody = 300;

    private static readonly PushPayloadJson Json = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter<PushKind>(JsonNamingPolicy.CamelCase) },
    });

    [JsonPropertyName("v")]
    public int Version { get; } = 1;

    public required PushKind Kind { get; init; }

    /// <summary>One notification has it at a time: 1 to 32 characters of base64url. It is the topic of the message too.</summary>
    public required string Tag { get; init; }

    /// <summary>All notifications that are closed; null for that of <see cref="Tag"/> alone.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>True for a newer text: it only replaces the earlier one, which its person may have dismissed. Else null.</summary>
    public bool? Replaces { get; init; }

    /// <summary>Shortened to <see cref="MaxTitle"/>.</summary>
    public string? Title { get; init => field = Shorten(value, MaxTitle); }

    /// <summary>Plain text, shortened to <see cref="MaxBody"/>.</summary>
    public string? Body { get; init => field = Shorten(value, MaxBody); }

    /// <summary>What a click opens: a short path on this site.</summary>
    public string? Url { get; init; }

    /// <summary>The number of unread messages, for the icon of the app.</summary>
    public long? Badge { get; init; }

    /// <summary>A notification with the tag and a higher revision is not replaced.</summary>
    public long? Revision { get; init; }

    /// <summary>When it was written. A message may arrive hours later.</summary>
    public DateTimeOffset? At { get; init; }

    /// <param name="topic">A service that has not delivered a message replaces it by a later one with the same topic; null for the tag.</param>
    public PushMessage ToMessage(TimeSpan timeToLive, bool isUrgent, string? topic = null) =>
        new(JsonSerializer.SerializeToUtf8Bytes(this, Json.PushPayload), topic ?? Tag, timeToLive, isUrgent);

    private static string? Shorten(string? text, int maxLength) => text is null ? null : HtmlText.Shorten(text, maxLength);
}

[JsonSerializable(typeof(PushPayload))]
internal sealed partial class PushPayloadJson : JsonSerializerContext;
