using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using CsCheck;

namespace BlazorChat.Tests.Rooms.Messages;

public sealed class ReadPositionTests
{
    private const int Newest = 20;

    private static readonly Gen<ReadChange> Changes = Gen.OneOf(
        Gen.Int[1, Newest].Select(sequence => (ReadChange)new UnreadMark(1, 1, sequence)),
        Gen.Select(Gen.Int[1, Newest], Gen.Int[-1, 4], (sequence, mark) => (ReadChange)new ReadMark(1, 1, sequence, mark < 0 ? null : mark)));

    [Fact]
    public void Events_in_any_order_and_doubled_have_the_outcome_of_the_changes() =>
        Gen.Select(Changes.Array[1, 12], Gen.Int[0, 1_000_000]).Sample(
            (changes, seed) =>
            {
                var positions = new List<ReadPosition> { new(0, null, 0) };
                foreach (var change in changes)
                    positions.Add(positions[^1].Apply(change));
                var events = positions.Concat(positions).Select(position => new RoomRead(1, position.Sequence, position.UnreadFrom, position.Mark)).ToArray();
                new Random(seed).Shuffle(events);

                var list = events.Aggregate(Room(), (room, read) => room.Apply(read));

                Assert.Equal(positions[^1], new ReadPosition(list.LastReadSequence!.Value, list.UnreadFrom, list.UnreadMarks));
            },
            iter: 2_000);

    [Fact]
    public void An_event_that_is_older_than_what_was_read_changes_nothing() =>
        Gen.Select(Changes.Array[1, 12], Gen.Int[0, 12]).Sample(
            (changes, early) =>
            {
                var positions = new List<ReadPosition> { new(0, null, 0) };
                foreach (var change in changes)
                    positions.Add(positions[^1].Apply(change));
                var (sequence, from, mark) = positions[^1];
                var read = Room() with { LastReadSequence = sequence, UnreadFrom = from, UnreadMarks = mark };
                var late = positions[Math.Min(early, positions.Count - 1)];

                Assert.Equal(read, read.Apply(new RoomRead(1, late.Sequence, late.UnreadFrom, late.Mark)));
                // What writing publishes does not know of marks.
                Assert.Equal(read, read.Apply(new RoomRead(1, late.Sequence)));
            },
            iter: 2_000);

    [Theory]
    [InlineData(5, null, 5, 0, 3, 0, null, 5)]
    [InlineData(9, 4, 1, 0, 9, 1, null, 9)]
    [InlineData(9, 4, 1, 0, 6, 1, 7L, 9)]
    [InlineData(9, 4, 1, 0, 3, 1, 4L, 9)]
    [InlineData(9, 4, 1, 0, 12, 0, 4L, 12)]
    [InlineData(9, 4, 1, 1, 12, 0, null, 12)]
    public void Reading_raises_a_mark_that_the_page_knows(
        long sequence, int? from, int mark, int isOnPurpose, long read, int known, long? expectedFrom, long expectedSequence)
    {
        var after = new ReadPosition(sequence, from, mark).Apply(new ReadMark(1, 1, read, isOnPurpose == 1 ? null : known));

        Assert.Equal(new ReadPosition(expectedSequence, expectedFrom, mark), after);
    }

    private static RoomView Room() => new(1, "Room", RoomKind.Open, MembershipRole.Member, null, Newest, 0);
}
