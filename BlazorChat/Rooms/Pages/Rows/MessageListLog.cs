namespace BlazorChat.Rooms.Pages.Rows;

internal static partial class MessageListLog
{
    [LoggerMessage(1, LogLevel.Warning, "The cards of links in room {RoomId} could not be read")]
    public static partial void ReadQuotesFailed(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(2, LogLevel.Error, "A pin in room {RoomId} could not be saved")]
    public static partial void PinFailed(ILogger logger, Exception exception, int roomId);
}
