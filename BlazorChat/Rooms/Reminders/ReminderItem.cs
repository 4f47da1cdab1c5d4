using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Mentions;

namespace BlazorChat.Rooms.Reminders;

/// <summary>A reminder, as its person sees it.</summary>
/// <param name="DueAt">UTC.</param>
/// <param name="TimeZone">The IANA name of the zone in which the time was chosen.</param>
/// <param name="IsDue">Whether it has called, and is neither done nor snoozed.</param>
/// <param name="Version">The number of its times.</param>
/// <param name="Text">The person's own text; empty for a message.</param>
public sealed record ReminderItem(long Id, DateTime DueAt, string TimeZone, bool IsDue, int Version, string Text)
{
    /// <summary>UTF-16 code units of a message.</summary>
    private const int MaxText = 240;

    /// <summary>Null for a text.</summary>
    public MessageView? Message { get; init; }

    /// <summary>The name of the message's room; for a direct room, the names of its other people.</summary>
    public string? RoomName { get; init; }

    public RoomKind? RoomKind { get; init; }

    /// <summary>The person's text, or the beginning of the message.</summary>
    internal string Words => Message is null ? Text
        : HtmlText.Read(MentionHtml.Show(Message), MaxText) is { Length: > 0 } text ? text
        : RoomTexts.Get("SentFile").ToString();
}
