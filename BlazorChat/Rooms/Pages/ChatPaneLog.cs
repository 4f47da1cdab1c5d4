namespace BlazorChat.Rooms.Pages;

internal static partial class ChatPaneLog
{
    [LoggerMessage(1, LogLevel.Error, "A message to room {RoomId} could not be saved")]
    public static partial void SendFailed(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(2, LogLevel.Warning, "The read position in room {RoomId} could not be saved")]
    public static partial void MarkReadFailed(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(3, LogLevel.Warning, "The authors of room {RoomId} could not be read again")]
    public static partial void ReadAuthorsFailed(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(4, LogLevel.Error, "Messages of room {RoomId} could not be marked as unread")]
    public static partial void MarkUnreadFailed(ILogger logger, Exception exception, int roomId);
}
