using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Tests.Rooms.Messages;

/// <summary>Read positions, unread messages and typing.</summary>
public sealed class UnreadTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Messages_of_others_are_unread_and_writing_raises_the_read_position()
    {
        await SendAsync(_ada, 3);
        Assert.Equal((0, 3), (await UnreadAsync(_ada), await UnreadAsync(_zoe)));

        await SendAsync(_zoe, 1);

        Assert.Equal((1, 0), (await UnreadAsync(_ada), await UnreadAsync(_zoe)));
    }

    [Fact]
    public async Task A_read_position_only_rises_at_most_to_the_newest_message()
    {
        await SendAsync(_ada, 10);

        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 7, default);
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 4, default);
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, -1, default);
        Assert.Equal(3, await UnreadAsync(_zoe));

        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, long.MaxValue, default);
        await SendAsync(_ada, 2);
        Assert.Equal(2, await UnreadAsync(_zoe));
    }

    [Fact]
    public async Task Of_simultaneous_read_positions_the_highest_is_stored()
    {
        await SendAsync(_ada, 50);

        await Task.WhenAll(Enumerable.Range(1, 50).Select(i =>
            Task.Run(() => _site.Conversation.MarkReadAsync(_zoe, _room.Id, 51 - i, default))));

        Assert.Equal(0, await UnreadAsync(_zoe));
    }

    [Fact]
    public async Task Earlier_messages_are_read_for_a_new_member()
    {
        await SendAsync(_ada, 5);
        var max = await _site.AddPersonAsync("Max");
        Assert.Equal(0, await UnreadAsync(max));

        await _site.Rooms.JoinAsync(max, _room.Id, default);
        await SendAsync(_ada, 1);

        Assert.Equal(1, await UnreadAsync(max));
    }

    [Fact]
    public async Task A_message_and_all_after_it_can_be_marked_as_unread_until_one_reads_on()
    {
        await SendAsync(_ada, 10);
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 10, default);

        await _site.Conversation.MarkUnreadAsync(_zoe, _room.Id, 4, default);
        Assert.Equal(7, await UnreadAsync(_zoe));
        await SendAsync(_ada, 1);
        Assert.Equal(8, await UnreadAsync(_zoe));
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 6, default);
        Assert.Equal(5, await UnreadAsync(_zoe));
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 10, default);
        Assert.Equal(1, await UnreadAsync(_zoe));
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 11, default);

        Assert.Equal((0, null), await PositionAsync());
    }

    [Fact]
    public async Task A_page_that_was_open_when_a_message_was_marked_raises_the_read_position_only()
    {
        await SendAsync(_ada, 5);
        await _site.Conversation.MarkUnreadAsync(_zoe, _room.Id, 2, default);
        await SendAsync(_ada, 1);

        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 6, mark: 0, default);
        Assert.Equal((5, 2), await PositionAsync());
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 6, mark: 1, default);

        Assert.Equal((0, null), await PositionAsync());
    }

    [Fact]
    public async Task Writing_does_not_end_a_mark_and_a_new_mark_replaces_it()
    {
        await SendAsync(_ada, 5);
        await _site.Conversation.MarkUnreadAsync(_zoe, _room.Id, 3, default);
        await SendAsync(_zoe, 1);
        Assert.Equal((4, 3), await PositionAsync());

        await _site.Conversation.MarkUnreadAsync(_zoe, _room.Id, 5, default);

        Assert.Equal((2, 5), await PositionAsync());
    }

    [Fact]
    public async Task Only_a_message_of_the_room_can_be_marked_as_unread_by_a_member()
    {
        await SendAsync(_ada, 2);
        var max = await _site.AddPersonAsync("Max");
        var secret = await _site.Rooms.CreateAsync(_ada, "Secret", RoomKind.Private, default);

        Assert.Equal(RefusalCode.NotFound, await RefusalAsync(_zoe, _room.Id, 3));
        Assert.Equal(RefusalCode.NotFound, await RefusalAsync(_zoe, _room.Id, 0));
        Assert.Equal(RefusalCode.Forbidden, await RefusalAsync(max, _room.Id, 1));
        Assert.Equal(RefusalCode.NotFound, await RefusalAsync(max, secret.Id, 1));
        Assert.Equal(RefusalCode.NotFound, await RefusalAsync(max, 999, 1));

        async Task<RefusalCode> RefusalAsync(ClaimsPrincipal person, int roomId, long sequence) =>
            (await Assert.ThrowsAsync<RefusedException>(() => _site.Conversation.MarkUnreadAsync(person, roomId, sequence, default))).Code;
    }

    [Fact]
    public async Task Simultaneous_marks_and_reads_have_one_outcome_which_the_events_have_too()
    {
        await SendAsync(_ada, 50);
        await using var consumer = new RoomEventRecorder(RoomGroups.User(_zoe.UserId));
        await consumer.ConnectAsync(_site);

        await Task.WhenAll(Enumerable.Range(1, 50).Select(i => Task.Run(() => i % 5 == 0
            ? _site.Conversation.MarkUnreadAsync(_zoe, _room.Id, i, default)
            : _site.Conversation.MarkReadAsync(_zoe, _room.Id, i, i % 2 == 0 ? null : 0, default))));
        await _site.Conversation.MarkUnreadAsync(_zoe, _room.Id, 18, default);

        var stored = (await _site.Rooms.FindAsync(_zoe, _room.Id, default))!;
        var followed = _room with { Role = MembershipRole.Member, LastSequence = 50, LastReadSequence = 0 };
        while (followed.UnreadFrom != 18)
            followed = followed.Apply(Assert.IsType<RoomRead>(await consumer.NextAsync()));
        Assert.Equal((11, 33), (stored.UnreadMarks, stored.Unread));
        Assert.Equal(
            (stored.UnreadFrom, stored.UnreadMarks, stored.LastReadSequence),
            (followed.UnreadFrom, followed.UnreadMarks, followed.LastReadSequence));
    }

    [Fact]
    public async Task Only_members_have_read_positions_and_type()
    {
        var max = await _site.AddPersonAsync("Max");

        foreach (var call in new Func<Task>[]
        {
            () => _site.Conversation.MarkReadAsync(max, _room.Id, 1, default),
            () => _site.Conversation.TypingAsync(max, _room.Id, default),
        })
        {
            Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(call)).Code);
        }
    }

    [Fact]
    public async Task Read_positions_are_published_to_the_persons_other_circuits()
    {
        await using var consumer = new RoomEventRecorder(RoomGroups.User(_zoe.UserId));
        await consumer.ConnectAsync(_site);
        await SendAsync(_ada, 2);

        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 1, default);
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 1, default);
        await SendAsync(_zoe, 1);

        Assert.Equal(new RoomRead(_room.Id, 1), await consumer.NextAsync());
        Assert.Equal(new RoomRead(_room.Id, 3), await consumer.NextAsync());
    }

    [Fact]
    public async Task Lists_receive_new_messages_at_most_once_a_second()
    {
        await using var consumer = new RoomEventRecorder(RoomGroups.Activity);
        await consumer.ConnectAsync(_site);
        var other = await _site.Rooms.CreateAsync(_ada, "Other", default);

        await SendAsync(_ada, 1);
        var first = Assert.IsType<RoomsActivity>(await consumer.NextAsync());
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            _site.Conversation.SendAsync(_ada, i % 2 == 0 ? _room.Id : other.Id, Guid.NewGuid(), "x", default))));
        var second = Assert.IsType<RoomsActivity>(await consumer.NextAsync());

        Assert.Equal([(_room.Id, 1L)], Pairs(first));
        Assert.Equal([(_room.Id, 16L), (other.Id, 15L)], Pairs(second));

        static IEnumerable<(int, long)> Pairs(RoomsActivity activity) =>
            activity.LastSequences.Select(pair => (pair.Key, pair.Value)).Order();
    }

    [Fact]
    public async Task Typing_is_published_to_open_pages_of_the_room_at_a_limited_rate()
    {
        await using var consumer = new RoomEventRecorder(RoomGroups.Typing(_room.Id));
        await consumer.ConnectAsync(_site);

        for (var i = 0; i < 20; i++)
            await _site.Conversation.TypingAsync(_zoe, _room.Id, default);
        await _site.Conversation.TypingAsync(_ada, _room.Id, default);

        Assert.Equal(new RoomTyping(_room.Id, _zoe.UserId, "Zoe"), await consumer.NextAsync());
        Assert.Equal(new RoomTyping(_room.Id, _ada.UserId, "Ada"), await consumer.NextAsync());
    }

    private async Task<(long Unread, long? From)> PositionAsync() =>
        await _site.Rooms.FindAsync(_zoe, _room.Id, default) is { } room ? (room.Unread, room.UnreadFrom) : default;

    private async Task<long> UnreadAsync(ClaimsPrincipal person) => (await _site.Rooms.FindAsync(person, _room.Id, default))!.Unread;

    private async Task SendAsync(ClaimsPrincipal person, int times)
    {
        for (var i = 0; i < times; i++)
            await _site.Conversation.SendAsync(person, _room.Id, Guid.NewGuid(), $"{i}", default);
    }
}
