using System.Text.Json.Serialization;
using BlazorChat.Rooms.Polls;

namespace BlazorChat.Rooms.Api;

/// <summary>The poll of a message, whose text is the question.</summary>
/// <param name="Options">In order; the first one has the number 1.</param>
/// <param name="Voters">How many people chose at least one option.</param>
/// <param name="IsMultiple">Whether a person may choose several options.</param>
/// <param name="IsAnonymous">Whether nobody learns who chose what.</param>
/// <param name="EndsAt">UTC, when it ends by itself; null for never.</param>
/// <param name="EndedAt">UTC; null while people can vote.</param>
public sealed record ChatPoll(
    IReadOnlyList<ChatPollOption> Options, int Voters, bool IsMultiple, bool IsAnonymous, DateTime? EndsAt, DateTime? EndedAt)
{
    internal static ChatPoll? From(PollView? poll) => poll is null
        ? null
        : new ChatPoll(
            [.. poll.Options.Select(option => new ChatPollOption(option.Text, poll.HidesCounts ? null : option.Count, poll.IsAnonymous ? null : [.. option.People.Select(person => person.PersonId)]))],
            poll.Voters,
            poll.IsMultiple,
            poll.IsAnonymous,
            poll.EndsAt,
            poll.EndedAt);
}

/// <summary>An option of a poll.</summary>
/// <param name="Count">How many people chose it; null in an anonymous poll that has not ended.</param>
/// <param name="People">The ids of the first of them, at most 20; null in an anonymous poll.</param>
public sealed record ChatPollOption(
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? People);

/// <summary>A poll to send.</summary>
/// <param name="Options">2 to 10 different texts of at most 100 characters.</param>
/// <param name="IsMultiple">Whether a person may choose several options.</param>
/// <param name="IsAnonymous">Whether nobody learns who chose what.</param>
/// <param name="EndsAt">UTC, when it ends by itself, within a year; null for never.</param>
public sealed record ChatNewPoll(IReadOnlyList<string>? Options, bool IsMultiple = false, bool IsAnonymous = false, DateTime? EndsAt = null)
{
    internal PollDraft ToDraft(bool hasThreadOrFiles = false) =>
        new(Options ?? [], IsMultiple, IsAnonymous, EndsAt?.ToUniversalTime()) { HasThreadOrFiles = hasThreadOrFiles };
}

/// <summary>What the caller chose in a poll.</summary>
/// <param name="Options">Numbers of options, from 1; none without a vote.</param>
public sealed record ChatVote(long Sequence, IReadOnlyList<int> Options);
