using BlazorChat.Common.Localization;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Scheduled;

/// <summary>A scheduled message, as its author sees it.</summary>
/// <param name="Id">The id that the author's client chose.</param>
/// <param name="RoomName">For a direct room, the names of its other people; null for a room that the author may no longer read.</param>
/// <param name="Thread">For a reply, the sequence of the message that it replies to.</param>
/// <param name="IsInRoom">Whether the room shows a reply too.</param>
/// <param name="DueAt">UTC.</param>
/// <param name="TimeZone">The IANA name of the zone in which the time was chosen.</param>
/// <param name="Files">Names of its files, in order.</param>
public sealed record ScheduledItem(
    Guid Id,
    int RoomId,
    string? RoomName,
    RoomKind? RoomKind,
    long? Thread,
    bool IsInRoom,
    string Markdown,
    DateTime DueAt,
    string TimeZone,
    ScheduleState State,
    IReadOnlyList<string> Files)
{
    public bool HasFailed => State >= ScheduleState.Failed;

    /// <summary>Why it was not sent; null while it waits.</summary>
    internal LocalText? Failure => FailureOf(State);

    /// <inheritdoc cref="Failure"/>
    internal static LocalText? FailureOf(ScheduleState state) => state switch
    {
        ScheduleState.NoAccess => RoomTexts.Get("ScheduledNoAccess"),
        ScheduleState.RoomArchived => RoomTexts.Get("ScheduledRoomArchived"),
        ScheduleState.ThreadGone => RoomTexts.Get("ScheduledThreadGone"),
        ScheduleState.FileGone => RoomTexts.Get("ScheduledFileGone"),
        ScheduleState.Failed => RoomTexts.Get("ScheduledFailed"),
        _ => null,
    };
}
