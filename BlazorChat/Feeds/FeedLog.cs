namespace BlazorChat.Feeds;

internal static partial class FeedLog
{
    [LoggerMessage(1, LogLevel.Error, "What changed in {Group} could not be read; it is tried again")]
    public static partial void RepairFailed(ILogger logger, Exception exception, string group);

    [LoggerMessage(3, LogLevel.Warning, "A change of {Group} with revision {Revision} is not in the database and skipped")]
    public static partial void UnknownChange(ILogger logger, string group, long revision);
}
