using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Serialization;
using BlazorChat.Common;
using BlazorChat.Rooms.Pins;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Saved;

namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>The answer to a reaction, a vote, a pin or a saved message, for the script of the list.</summary>
/// <param name="Reason">A sentence for the person; null for none.</param>
/// <param name="RetryAfter">Milliseconds until the retry; null to let the script decide.</param>
/// <param name="Revision">That of the message with the choice; 0 without one, and for a saved message.</param>
public sealed record ChoiceAnswer(ChoiceStatus Status, string? Reason = null, double? RetryAfter = null, long Revision = 0);

[JsonConverter(typeof(JsonStringEnumConverter<ChoiceStatus>))]
public enum ChoiceStatus
{
    /// <summary>Committed.</summary>
    Accepted,

    /// <summary>A rule refused it; a retry cannot help.</summary>
    Refused,

    /// <summary>A failure; a retry may help.</summary>
    Failed,
}

/// <summary>The reactions and votes of a reader to the messages of a list, and what they pin and save.</summary>
internal sealed partial class RowChoices(
    MessageReactions reactions, OwnReactions own, RoomPolls polls, OwnVotes votes, MessagePins pins, SavedMessages saved, ILogger<RowChoices> logger)
{
    public Task<ChoiceAnswer> ReactAsync(ClaimsPrincipal person, int roomId, long key, string emoji, bool isSet, CancellationToken cancellationToken) =>
        TryAsync(roomId, async () => (await reactions.SetAsync(person, roomId, key, emoji, isSet, cancellationToken)).Revision, cancellationToken);

    /// <param name="options">The numbers of all options that the reader chooses.</param>
    public Task<ChoiceAnswer> VoteAsync(ClaimsPrincipal person, int roomId, long key, IReadOnlyList<int> options, CancellationToken cancellationToken) =>
        TryAsync(roomId, async () => (await polls.VoteAsync(person, roomId, key, options, cancellationToken)).Revision, cancellationToken);

    public Task<ChoiceAnswer> PinAsync(ClaimsPrincipal person, int roomId, long key, bool isSet, CancellationToken cancellationToken) =>
        TryAsync(roomId, async () => (await pins.SetAsync(person, roomId, key, isSet, cancellationToken)).Revision, cancellationToken);

    public Task<ChoiceAnswer> SaveAsync(ClaimsPrincipal person, int roomId, long key, CancellationToken cancellationToken) => TryAsync(
        roomId,
        async () =>
        {
            await saved.SaveAsync(person, roomId, key, cancellationToken);
            return 0;
        },
        cancellationToken);

    /// <summary>The reader's reactions to messages, each as the key of the message, a space and the emoji.</summary>
    public async Task<IReadOnlyList<string>> FindReactionsAsync(ClaimsPrincipal person, int roomId, IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
    [
        .. (await own.FindAsync(person, roomId, keys, cancellationToken))
            .Select(reaction => string.Create(CultureInfo.InvariantCulture, $"{reaction.Sequence} {reaction.Mark}")),
    ];

    /// <summary>What the reader chose in polls, each as the key of the message, a space and the number of the option.</summary>
    public async Task<IReadOnlyList<string>> FindVotesAsync(ClaimsPrincipal person, int roomId, IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
    [
        .. (await votes.FindAsync(person, roomId, keys, cancellationToken))
            .Select(vote => string.Create(CultureInfo.InvariantCulture, $"{vote.Sequence} {vote.Mark}")),
    ];

    /// <param name="choose">Returns the revision.</param>
    private async Task<ChoiceAnswer> TryAsync(int roomId, Func<Task<long>> choose, CancellationToken cancellationToken)
    {
        try
        {
            return new ChoiceAnswer(ChoiceStatus.Accepted, Revision: await choose());
        }
        catch (RefusedException refused)
        {
            return refused.RetryAfter is { } wait
                ? new ChoiceAnswer(ChoiceStatus.Failed, refused.Message, Math.Ceiling(wait.TotalMilliseconds))
                : new ChoiceAnswer(ChoiceStatus.Refused, refused.Message);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception, roomId);
            return new ChoiceAnswer(ChoiceStatus.Failed);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A choice of a reader in room {RoomId} could not be saved")]
    private static partial void LogFailed(ILogger logger, Exception exception, int roomId);
}
