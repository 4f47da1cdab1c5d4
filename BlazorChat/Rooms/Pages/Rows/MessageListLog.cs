namespace BlazorChat.Rooms.Pages.Rows;

internal static partial class MessageListLog
{
    [LoggerMessage(1, LogLevel.Warning, "The cards of links in room {RoomId} could not be read")]
    public static partial void ReadQuotesFailed(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(2, LogLevel.Error, "A command to a message of room {RoomId} failed")]
    public static partial void CommandFailed(ILogger logger, Exception exception, int roomId);
}
