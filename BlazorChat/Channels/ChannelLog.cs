namespace BlazorChat.Channels;

internal static partial class ChannelLog
{
    [LoggerMessage(1, LogLevel.Error, "{Consumer} failed to handle {EventName}; the event is skipped")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string consumer, string eventName);

    [LoggerMessage(2, LogLevel.Warning, "{Consumer} is slow: its mailbox is full and loses events")]
    public static partial void MailboxFull(ILogger logger, string consumer);

    [LoggerMessage(3, LogLevel.Warning, "An event '{EventName}' from another node is unknown here and skipped")]
    public static partial void UnknownEvent(ILogger logger, string eventName);

    [LoggerMessage(4, LogLevel.Warning, "A payload for group {Group} cannot be read and is skipped")]
    public static partial void BadPayload(ILogger logger, Exception exception, string group);

    [LoggerMessage(5, LogLevel.Error, "{Consumer} failed while disconnecting")]
    public static partial void DisconnectFailed(ILogger logger, Exception exception, string consumer);

    [LoggerMessage(6, LogLevel.Warning, "{Consumer} did not finish its handler in time while disconnecting")]
    public static partial void HandlerStuck(ILogger logger, string consumer);

    [LoggerMessage(7, LogLevel.Error, "A subscriber to the layer's state failed")]
    public static partial void StateCallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "{Consumer} failed to connect")]
    public static partial void ConnectFailed(ILogger logger, Exception exception, string consumer);

    [LoggerMessage(9, LogLevel.Error, "{Consumer} failed to handle what its peer sent; the connection is closed")]
    public static partial void ReceiveFailed(ILogger logger, Exception exception, string consumer);

    [LoggerMessage(10, LogLevel.Information, "Redis carries events between nodes")]
    public static partial void RedisConnected(ILogger logger);

    [LoggerMessage(11, LogLevel.Warning, "Redis does not answer: events stay on this node until it is back")]
    public static partial void RedisLost(ILogger logger);

    [LoggerMessage(12, LogLevel.Debug, "An attempt to reach Redis failed")]
    public static partial void RedisAttemptFailed(ILogger logger, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "The subscription of group {Group} could not be changed")]
    public static partial void SubscriptionFailed(ILogger logger, Exception exception, string group);

    [LoggerMessage(14, LogLevel.Warning, "{Count} groups had lost their subscription and have it again")]
    public static partial void Resubscribed(ILogger logger, int count);

    [LoggerMessage(15, LogLevel.Warning, "{Count} events from Redis have no valid signature and are dropped, the last one for group {Group}: something else writes there, or a node has another database")]
    public static partial void Forged(ILogger logger, long count, string group);

    [LoggerMessage(16, LogLevel.Error, "The database could not be compared with what this node holds; it is tried again")]
    public static partial void ResyncFailed(ILogger logger, Exception exception);
}
