using System.Globalization;
using System.Text.Json.Serialization;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms;

/// <summary>What a message shows of its thread. Of two states of a thread, the one with the higher <see cref="LastReply"/> is newer.</summary>
/// <param name="LastReply">Number of the newest reply, and so the number of replies.</param>
/// <param name="LastReplyAt">UTC.</param>
/// <param name="Repliers">The people who replied last, newest first.</param>
public sealed record ThreadView(long LastReply, DateTime LastReplyAt, IReadOnlyList<ReplierView> Repliers)
{
    internal static ThreadView From(MessageThread thread) => Of(thread.LastReply, thread.LastReplyAt, thread.Repliers);

    /// <param name="repliers">As <see cref="MessageThread.Repliers"/>; their names are added later.</param>
    internal static ThreadView Of(long lastReply, DateTime lastReplyAt, string repliers) => new(
        lastReply, lastReplyAt, [.. ParseRepliers(repliers).Select(id => new ReplierView(id, "", null))]);

    /// <summary>The ids of a thread's <see cref="MessageThread.Repliers"/>.</summary>
    internal static IEnumerable<int> ParseRepliers(string repliers) =>
        repliers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    /// <summary>The newer one of two states; a state is newer than none.</summary>
    internal static ThreadView? Newest(ThreadView? one, ThreadView? other) => one is null || other?.LastReply > one.LastReply ? other : one;

    /// <summary>The same state with the people as they are now; the same instance when nothing of that has changed.</summary>
    internal ThreadView With(IReadOnlyDictionary<int, MessageAuthor> people)
    {
        var repliers = Repliers.Select(replier => replier.As(people)).ToArray();
        return repliers.SequenceEqual(Repliers) ? this : this with { Repliers = repliers };
    }

    public bool Equals(ThreadView? other) =>
        other is not null && LastReply == other.LastReply && LastReplyAt == other.LastReplyAt && Repliers.SequenceEqual(other.Repliers);

    public override int GetHashCode() => HashCode.Combine(LastReply, LastReplyAt);
}

/// <summary>A person who replied in a thread, as they were when it was read.</summary>
/// <param name="AvatarId">The attachment that is the person's picture; null for none.</param>
public sealed record ReplierView(int PersonId, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? AvatarId)
{
    internal ReplierView As(IReadOnlyDictionary<int, MessageAuthor> people) =>
        people.GetValueOrDefault(PersonId) is { } person ? new ReplierView(PersonId, person.Name, person.AvatarId) : this;
}
