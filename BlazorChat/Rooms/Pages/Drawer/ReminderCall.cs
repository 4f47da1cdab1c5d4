using System.Security.Claims;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Common.Components;
using BlazorChat.Rooms.Reminders;
using Microsoft.Extensions.Localization;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>Calls the reader of a page when a reminder is due, and ends the call when the reminder has ended.</summary>
internal static partial class ReminderCall
{
    /// <summary>UTF-16 code units.</summary>
    private const int MaxBody = 160;

    /// <summary>The room of the calls of reminders, for <c>wwwroot/js/notifications/calls.js</c>. The id of the reminder is in the place of a thread.</summary>
    private const int Room = 0;

    /// <summary>The highest number that a script can compare.</summary>
    private const long Newest = (1L << 53) - 1;

    public static async Task ShowAsync(
        ReminderChanged changed,
        MessageReminders reminders,
        NotificationChoices choices,
        ClaimsPrincipal reader,
        IStringLocalizer<RoomTexts> text,
        TimeProvider time,
        ComponentScript script,
        CancellationToken cancellationToken)
    {
        if (!changed.IsDue)
        {
            await script.CallAsync("withdraw", cancellationToken, Room, Newest, changed.Id);
            return;
        }

        if (choices.QuietUntil(time.GetUtcNow().UtcDateTime) is not null || await reminders.FindAsync(reader, changed.Id, cancellationToken) is not { IsDue: true } due)
            return;
        var title = due.Message is { } message ? text["ReminderTitleOf", message.AuthorName] : text["ReminderTitle"];
        var words = due.Words;
        var call = new RoomCall(Room, due.Version, title, words.Length > MaxBody ? words[..MaxBody] : words, choices.PlaysSound) { Root = due.Id };
        await script.CallAsync("call", cancellationToken, call);
    }

    [LoggerMessage(1, LogLevel.Warning, "Reminder {Id} could not be read; it calls nobody on this page")]
    public static partial void LogNotRead(ILogger logger, Exception exception, long id);
}
