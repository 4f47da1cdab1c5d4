namespace BlazorChat.Rooms.Api;

/// <summary>The people who reacted to a message by one emoji.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="People">The ids of the first of them, at most 20.</param>
public sealed record ChatReaction(string Emoji, int Count, IReadOnlyList<int> People)
{
    internal static IReadOnlyList<ChatReaction>? From(IReadOnlyList<ReactionView>? reactions) =>
        reactions?.Select(reaction => new ChatReaction(reaction.Emoji, reaction.Count, [.. reaction.People.Select(person => person.PersonId)])).ToArray();
}
