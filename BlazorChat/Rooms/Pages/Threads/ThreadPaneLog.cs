namespace BlazorChat.Rooms.Pages.Threads;

internal static partial class ThreadPaneLog
{
    [LoggerMessage(1, LogLevel.Error, "A reply in room {RoomId} could not be saved")]
    public static partial void SendFailed(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(2, LogLevel.Warning, "The read position in a thread of room {RoomId} could not be saved")]
    public static partial void MarkReadFailed(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(4, LogLevel.Warning, "Whether the reader follows a thread of room {RoomId} could not be read")]
    public static partial void ReadFollowFailed(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(3, LogLevel.Warning, "The authors of a thread of room {RoomId} could not be read again")]
    public static partial void ReadAuthorsFailed(ILogger logger, Exception exception, int roomId);
}
