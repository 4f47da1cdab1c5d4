using System.Globalization;
using System.Text.Json.Serialization;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms;

/// <summary>The poll of a message, as everybody sees it. The text of the message is the question.</summary>
/// <param name="Options">In the order of the poll; the first one has the number 1.</param>
/// <param name="Voters">How many people chose at least one option.</param>
/// <param name="IsMultiple">Whether a person may choose several options.</param>
/// <param name="IsAnonymous">Whether nobody learns who chose what. Then the counts of the options are 0 until it has ended.</param>
/// <param name="EndsAt">UTC, when it ends by itself; null for never.</param>
/// <param name="EndedAt">UTC; null while people can vote.</param>
public sealed record PollView(
    IReadOnlyList<PollOptionView> Options, int Voters, bool IsMultiple, bool IsAnonymous, DateTime? EndsAt = null, DateTime? EndedAt = null)
{
    /// <summary>The most people of an option that a message names.</summary>
    public const int MaxPeople = 20;

    private const char Multiple = 'm', Anonymous = 'a', None = '-';

    /// <summary>
    /// Whether nobody sees yet how often an option was chosen: in a quiet room, a count that rises while one person is there reveals what they chose.
    /// </summary>
    [JsonIgnore]
    public bool HidesCounts => IsAnonymous && EndedAt is null;

    /// <summary>The people that it names; nobody for an anonymous one.</summary>
    internal IEnumerable<int> PersonIds => Options.SelectMany(option => option.People).Select(person => person.PersonId);

    /// <summary>A new poll, without votes.</summary>
    internal static PollView Of(Poll poll) => new(
        [.. poll.Options.OrderBy(option => option.Number).Select(option => new PollOptionView(option.Text, 0, []))], 0, poll.IsMultiple, poll.IsAnonymous, poll.EndsAt, poll.EndedAt);

    /// <summary>The poll of a message as everybody sees it; the names of the people are added later.</summary>
    /// <param name="state">As <see cref="Message.PollState"/>; null for none.</param>
    internal static PollView? Show(string? state)
    {
        var poll = Parse(state);
        return poll is { HidesCounts: true } ? poll with { Options = [.. poll.Options.Select(option => option with { Count = 0 })] } : poll;
    }

    /// <summary>The poll of a message with all counts, for those who count.</summary>
    /// <param name="state">As <see cref="Message.PollState"/>; null for none.</param>
    internal static PollView? Parse(string? state)
    {
        if (state is null)
            return null;
        var lines = state.Split('\n');
        var head = lines[0].Split(' ');
        return new PollView(
            [.. lines[1..].Select(line => PollOptionView.Parse(line))],
            int.Parse(head[0], CultureInfo.InvariantCulture),
            head[1].Contains(Multiple, StringComparison.Ordinal),
            head[1].Contains(Anonymous, StringComparison.Ordinal),
            ParseTime(head[2]),
            ParseTime(head[3]));
    }

    /// <summary>The poll as <see cref="Message.PollState"/>.</summary>
    internal string Format()
    {
        var settings = $"{(IsMultiple ? Multiple : None)}{(IsAnonymous ? Anonymous : None)}";
        return string.Join('\n', Options.Select(option => option.Format()).Prepend(
            string.Create(CultureInfo.InvariantCulture, $"{Voters} {settings} {FormatTime(EndsAt)} {FormatTime(EndedAt)}")));
    }

    /// <summary>The same poll with the people as they are now; the same instance when nothing of that has changed.</summary>
    internal PollView With(IReadOnlyDictionary<int, MessageAuthor> people)
    {
        var now = Options.Select(option => option.With(people)).ToArray();
        return now.Zip(Options).All(pair => ReferenceEquals(pair.First, pair.Second)) ? this : this with { Options = now };
    }

    public bool Equals(PollView? other) =>
        other is not null
        && (Voters, IsMultiple, IsAnonymous, EndsAt, EndedAt) == (other.Voters, other.IsMultiple, other.IsAnonymous, other.EndsAt, other.EndedAt)
        && Options.SequenceEqual(other.Options);

    public override int GetHashCode() => HashCode.Combine(Voters, EndsAt, EndedAt);

    private static string FormatTime(DateTime? time) => time is { } at ? at.Ticks.ToString(CultureInfo.InvariantCulture) : $"{None}";

    private static DateTime? ParseTime(string ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? new DateTime(at, DateTimeKind.Utc) : null;
}

/// <summary>An option of a poll, with the people who chose it.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="People">The first of them, at most <see cref="PollView.MaxPeople"/>; nobody in an anonymous poll.</param>
public sealed record PollOptionView(string Text, int Count, IReadOnlyList<NamedPerson> People)
{
    /// <summary>Whether there are people who are not in <see cref="People"/>.</summary>
    [JsonIgnore]
    public bool HasOthers => Count > People.Count;

    internal static PollOptionView Parse(string line)
    {
        var parts = line.Split(' ', 3);
        var ids = parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new PollOptionView(
            parts[2],
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            [.. ids.Select(id => new NamedPerson(int.Parse(id, CultureInfo.InvariantCulture), ""))]);
    }

    internal string Format() => string.Create(CultureInfo.InvariantCulture, $"{Count} {string.Join(',', People.Select(person => person.PersonId))} {Text}");

    internal PollOptionView With(IReadOnlyDictionary<int, MessageAuthor> people)
    {
        var now = People.Select(person => person.As(people)).ToArray();
        return now.SequenceEqual(People) ? this : this with { People = now };
    }

    public bool Equals(PollOptionView? other) =>
        other is not null && (Text, Count) == (other.Text, other.Count) && People.SequenceEqual(other.People);

    public override int GetHashCode() => HashCode.Combine(Text, Count);
}
