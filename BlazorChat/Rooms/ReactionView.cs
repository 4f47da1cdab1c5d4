using System.Globalization;
using System.Text.Json.Serialization;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms;

/// <summary>The people who reacted to a message by one emoji.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="People">The first of them, at most <see cref="MaxPeople"/>.</param>
public sealed record ReactionView(string Emoji, int Count, IReadOnlyList<NamedPerson> People)
{
    /// <summary>The most different emoji of a message.</summary>
    public const int MaxEmoji = 20;

    /// <summary>The most people of an emoji that a message names.</summary>
    public const int MaxPeople = 20;

    /// <summary>Whether there are people who are not in <see cref="People"/>.</summary>
    [JsonIgnore]
    public bool HasOthers => Count > People.Count;

    /// <summary>The reactions of a message; the names of the people are added later.</summary>
    /// <param name="reactions">As <see cref="Message.Reactions"/>.</param>
    internal static IReadOnlyList<ReactionView>? Parse(string? reactions) => reactions is null
        ? null
        : [.. reactions.Split('\n').Select(line => line.Split(' ')).Select(parts => new ReactionView(parts[0], Number(parts[1]), [.. parts[2].Split(',').Select(id => new NamedPerson(Number(id), ""))]))];

    /// <summary>The reactions as <see cref="Message.Reactions"/>.</summary>
    internal static string? Format(IReadOnlyCollection<ReactionView> reactions) => reactions.Count == 0
        ? null
        : string.Join('\n', reactions.Select(reaction => string.Create(
            CultureInfo.InvariantCulture, $"{reaction.Emoji} {reaction.Count} {string.Join(',', reaction.People.Select(person => person.PersonId))}")));

    /// <summary>The ids of the people that reactions name.</summary>
    internal static IEnumerable<int> PeopleOf(IReadOnlyList<ReactionView>? reactions) =>
        reactions is null ? [] : reactions.SelectMany(reaction => reaction.People).Select(person => person.PersonId);

    /// <summary>The same reactions with the people as they are now; the same instance when nothing of that has changed.</summary>
    internal static IReadOnlyList<ReactionView> With(IReadOnlyList<ReactionView> reactions, IReadOnlyDictionary<int, MessageAuthor> people)
    {
        var now = reactions.Select(reaction => reaction.With(people)).ToArray();
        return now.Zip(reactions).All(pair => ReferenceEquals(pair.First, pair.Second)) ? reactions : now;
    }

    public bool Equals(ReactionView? other) =>
        other is not null && Emoji == other.Emoji && Count == other.Count && People.SequenceEqual(other.People);

    public override int GetHashCode() => HashCode.Combine(Emoji, Count);

    private ReactionView With(IReadOnlyDictionary<int, MessageAuthor> people)
    {
        var now = People.Select(person => person.As(people)).ToArray();
        return now.SequenceEqual(People) ? this : this with { People = now };
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}

/// <summary>A person who reacted or voted, with their name when it was read.</summary>
public sealed record NamedPerson(int PersonId, string Name)
{
    internal NamedPerson As(IReadOnlyDictionary<int, MessageAuthor> people) =>
        people.GetValueOrDefault(PersonId) is { } person && person.Name != Name ? new NamedPerson(PersonId, person.Name) : this;
}
