using BlazorChat.Rooms;
using CsCheck;

namespace BlazorChat.Tests.Rooms;

public sealed class RoomTimelineTests
{
    [Fact]
    public void A_change_that_skips_a_revision_waits_for_the_repair()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(2, Message(1), Message(2)));

        timeline.Apply(Message(4));
        Assert.True(timeline.NeedsRepair);
        Assert.Equal(2, timeline.LastSequence);

        timeline.Repair(Page(4, Message(3), Message(4)));
        Assert.False(timeline.NeedsRepair);
        Assert.Equal([1, 2, 3, 4], timeline.Messages.Select(message => message.Sequence));
    }

    [Fact]
    public void A_repair_puts_a_changed_message_in_its_place()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(2, Message(1), Message(2)));
        timeline.Apply(Message(5, revision: 6));

        // Message 3 came with revision 3 and was changed by revision 5.
        timeline.Repair(Page(6, Message(4, revision: 4), Message(3, revision: 5), Message(5, revision: 6)));

        Assert.Equal([1, 2, 3, 4, 5], timeline.Messages.Select(message => message.Sequence));
        Assert.False(timeline.NeedsRepair);
    }

    [Fact]
    public void A_page_that_was_read_before_the_newest_change_is_repaired()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(52, [.. Enumerable.Range(2, 50).Select(i => Message(i + 1))]));
        timeline.Apply(Message(53));

        timeline.PrependOlder(Page(52, Message(1), Message(2)));

        Assert.True(timeline.NeedsRepair);
        timeline.Repair(Page(53, Message(53)));
        Assert.Equal(Enumerable.Range(1, 53).Select(i => (long)i), timeline.Messages.Select(message => message.Sequence));
    }

    [Fact]
    public void At_most_200_messages_are_held_and_the_far_end_is_let_go()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(400, Messages(351, 400)));
        for (var start = 301; start >= 151; start -= 50)
            timeline.PrependOlder(Page(400, Messages(start, start + 49)));

        Assert.Equal(200, timeline.Messages.Count);
        Assert.True(timeline.HasNewer);
        Assert.Equal((151, 350), (timeline.FirstSequence, timeline.LastSequence));

        timeline.Apply(Message(401));
        Assert.Equal(350, timeline.LastSequence);
        timeline.AppendNewer(Page(401, Messages(351, 400)));
        timeline.AppendNewer(Page(401, Message(401)));
        Assert.False(timeline.HasNewer);
        Assert.Equal(401, timeline.LastSequence);
    }

    [Fact]
    public void Whatever_is_lost_doubled_or_reordered_on_the_way_the_page_shows_the_room() =>
        Gen.Int[0, 3].Array[1, 60].Select(Gen.Int[0, 10_000]).Sample((fates, seed) =>
        {
            var random = new Random(seed);
            var room = fates.Select((_, i) => Message(i + 1)).ToArray();
            // 0: lost, 1: once, 2: twice, 3: three times; all of it in any order.
            var arriving = room.SelectMany((message, i) => Enumerable.Repeat(message, fates[i])).ToArray();
            random.Shuffle(arriving);
            var timeline = new RoomTimeline();
            timeline.Reset(Page(0));

            foreach (var message in arriving)
            {
                timeline.Apply(message);
                if (random.Next(3) == 0 && timeline.NeedsRepair)
                    Repair(timeline, room[..(int)arriving.Max(m => m.Revision)]);
            }

            Repair(timeline, room);
            Assert.Equal(room.Select(m => m.Sequence).TakeLast(RoomTimeline.Capacity), timeline.Messages.Select(m => m.Sequence));
            Assert.False(timeline.NeedsRepair);
        });

    private static void Repair(RoomTimeline timeline, MessageView[] room)
    {
        MessagePage page;
        do
        {
            page = Page(room.Length, [.. room.Where(m => m.Revision > timeline.Revision).Take(Conversation.PageSize)]);
            timeline.Repair(page);
        }
        while (page.Messages.Count == Conversation.PageSize);
    }

    private static MessagePage Page(long revision, params MessageView[] messages) => new(messages, revision);

    private static MessageView[] Messages(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(i => Message(i))];

    private static MessageView Message(long sequence, long? revision = null) => new(
        1, sequence, revision ?? sequence, 1, "Ada", Guid.Empty, $"<p>{sequence}</p>", DateTime.UnixEpoch);
}
