using BlazorChat.Rooms;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Pages.Rows;

namespace BlazorChat.Tests.Rooms.Pages.Rows;

public sealed class RoomTimelineTests
{
    [Fact]
    public void A_changed_message_replaces_the_older_one_but_not_a_newer_one()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(3, Message(1), Message(2), Message(3)));

        timeline.Apply(Message(2, revision: 4));
        timeline.Apply(Message(2, revision: 2));

        Assert.Equal([1, 4, 3], timeline.Messages.Select(message => message.Revision));
    }

    [Fact]
    public void An_edited_message_that_arrives_after_later_messages_is_shown_before_them()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(1, Message(1)));

        timeline.Apply(Message(3, revision: 3));
        timeline.Apply(Message(2, revision: 4));

        Assert.Equal([1, 2, 3], timeline.Messages.Select(message => message.Sequence));
    }

    [Fact]
    public void An_empty_page_shows_a_first_message_that_was_edited()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(0));

        timeline.Apply([Message(2), Message(1, revision: 3)]);

        Assert.Equal([1, 2], timeline.Messages.Select(message => message.Sequence));
    }

    [Fact]
    public void At_most_200_messages_are_held_and_the_other_end_is_removed()
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
    public void New_messages_remove_the_oldest_ones_by_whole_chunks()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(210, Messages(11, 210)));

        timeline.Apply(Message(211));
        Assert.Equal((25, 211), (timeline.FirstSequence, timeline.LastSequence));

        timeline.Apply(Messages(212, 224));
        Assert.Equal((25, 200), (timeline.FirstSequence, timeline.Messages.Count));
        timeline.Apply(Message(225));
        Assert.Equal(50, timeline.FirstSequence);
    }

    [Fact]
    public void A_new_picture_is_on_all_messages_of_its_author_and_on_no_others()
    {
        var timeline = new RoomTimeline();
        timeline.Reset(Page(3, Message(1), Message(2) with { AuthorId = 2 }, Message(3)));
        var picture = Guid.NewGuid();

        timeline.SetAvatar(1, picture);

        Assert.Equal([picture, null, picture], timeline.Messages.Select(message => message.AuthorAvatarId));
    }

    private static MessagePage Page(long revision, params MessageView[] messages) => new(messages, revision);

    private static MessageView[] Messages(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(i => Message(i))];

    private static MessageView Message(long sequence, long? revision = null) => new(
        1, sequence, revision ?? sequence, 1, "Ada", Guid.Empty, "", $"<p>{sequence}</p>", DateTime.UnixEpoch);
}
