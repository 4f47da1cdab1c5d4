using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Serialization;
using BlazorChat.Common;
using BlazorChat.Rooms.Reactions;

namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>The answer to a reaction, for the script of the list.</summary>
/// <param name="Reason">A sentence for the person; null for none.</param>
/// <param name="RetryAfter">Milliseconds until the retry; null to let the script decide.</param>
/// <param name="Revision">That of the message with the reaction; 0 without one.</param>
public sealed record ReactionAnswer(ReactionStatus Status, string? Reason = null, double? RetryAfter = null, long Revision = 0);

[JsonConverter(typeof(JsonStringEnumConverter<ReactionStatus>))]
public enum ReactionStatus
{
    /// <summary>Committed.</summary>
    Accepted,

    /// <summary>A rule refused it; a retry cannot help.</summary>
    Refused,

    /// <summary>A failure; a retry may help.</summary>
    Failed,
}

/// <summary>The reactions of a reader to the messages of a list.</summary>
internal sealed partial class RowReactions(MessageReactions reactions, OwnReactions own, ILogger<RowReactions> logger)
{
    public async Task<ReactionAnswer> SetAsync(ClaimsPrincipal person, int roomId, long key, string emoji, bool isSet, CancellationToken cancellationToken)
    {
        try
        {
            var message = await reactions.SetAsync(person, roomId, key, emoji, isSet, cancellationToken);
            return new ReactionAnswer(ReactionStatus.Accepted, Revision: message.Revision);
        }
        catch (RefusedException refused)
        {
            return refused.RetryAfter is { } wait
                ? new ReactionAnswer(ReactionStatus.Failed, refused.Message, Math.Ceiling(wait.TotalMilliseconds))
                : new ReactionAnswer(ReactionStatus.Refused, refused.Message);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception, roomId);
            return new ReactionAnswer(ReactionStatus.Failed);
        }
    }

    /// <summary>The reader's reactions to messages, each as the key of the message, a space and the emoji.</summary>
    public async Task<IReadOnlyList<string>> FindOwnAsync(ClaimsPrincipal person, int roomId, IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
    [
        .. (await own.FindAsync(person, roomId, keys, cancellationToken))
            .Select(reaction => string.Create(CultureInfo.InvariantCulture, $"{reaction.Sequence} {reaction.Emoji}")),
    ];

    [LoggerMessage(1, LogLevel.Error, "A reaction in room {RoomId} could not be saved")]
    private static partial void LogFailed(ILogger logger, Exception exception, int roomId);
}
