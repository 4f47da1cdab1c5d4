namespace BlazorChat.Rooms.Messages;

/// <summary>What a member has read of a room.</summary>
/// <param name="Sequence">The newest message that was read. It only rises.</param>
/// <param name="UnreadFrom">The first message that is marked as unread; null without a mark.</param>
/// <param name="Mark">The number of marks that the member has set. It identifies the newest one.</param>
internal sealed record ReadPosition(long Sequence, long? UnreadFrom, int Mark)
{
    /// <summary>The position after a change. Reading on raises a mark, which ends when the reader is where they were before it.</summary>
    public ReadPosition Apply(ReadChange change) => change switch
    {
        UnreadMark => this with { UnreadFrom = change.Sequence, Mark = Mark + 1 },
        ReadMark read => this with
        {
            Sequence = Math.Max(Sequence, read.Sequence),
            UnreadFrom = UnreadFrom > read.Sequence || (read.Mark ?? Mark) != Mark ? UnreadFrom
                : read.Sequence >= Sequence || UnreadFrom is null ? (long?)null
                : read.Sequence + 1,
        },
        _ => throw new InvalidOperationException($"A read position cannot apply a {change.GetType()}."),
    };
}
