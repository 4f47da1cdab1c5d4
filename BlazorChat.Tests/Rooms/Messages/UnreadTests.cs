using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Tests.Rooms.Messages;

/// <summary>How far everybody has read, what is unread, and who is typing.</summary>
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
    public async Task What_others_write_is_unread_and_writing_is_reading()
    {
        await SayAsync(_ada, 3);
        Assert.Equal((0, 3), (await UnreadAsync(_ada), await UnreadAsync(_zoe)));

        await SayAsync(_zoe, 1);

        Assert.Equal((1, 0), (await UnreadAsync(_ada), await UnreadAsync(_zoe)));
    }

    [Fact]
    public async Task A_mark_only_rises_and_not_beyond_the_newest_message()
    {
        await SayAsync(_ada, 10);

        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 7, default);
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 4, default);
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, -1, default);
        Assert.Equal(3, await UnreadAsync(_zoe));

        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, long.MaxValue, default);
        await SayAsync(_ada, 2);
        Assert.Equal(2, await UnreadAsync(_zoe));
    }

    [Fact]
    public async Task Many_marks_at_once_leave_the_highest()
    {
        await SayAsync(_ada, 50);

        await Task.WhenAll(Enumerable.Range(1, 50).Select(i =>
            Task.Run(() => _site.Conversation.MarkReadAsync(_zoe, _room.Id, 51 - i, default))));

        Assert.Equal(0, await UnreadAsync(_zoe));
    }

    [Fact]
    public async Task Who_comes_later_has_read_what_was_said_before()
    {
        await SayAsync(_ada, 5);
        var max = await _site.AddPersonAsync("Max");
        Assert.Equal(0, await UnreadAsync(max));

        await _site.Rooms.JoinAsync(max, _room.Id, default);
        await SayAsync(_ada, 1);

        Assert.Equal(1, await UnreadAsync(max));
    }

    [Fact]
    public async Task Only_members_mark_and_type()
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
    public async Task Ones_other_circuits_are_told_what_one_has_read()
    {
        await using var consumer = new RoomEventRecorder(RoomGroups.User(_zoe.UserId));
        await consumer.ConnectAsync(_site);
        await SayAsync(_ada, 2);

        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 1, default);
        await _site.Conversation.MarkReadAsync(_zoe, _room.Id, 1, default);
        await SayAsync(_zoe, 1);

        Assert.Equal(new RoomRead(_room.Id, 1), await consumer.NextAsync());
        Assert.Equal(new RoomRead(_room.Id, 3), await consumer.NextAsync());
    }

    [Fact]
    public async Task Lists_are_told_of_new_messages_once_a_second_however_many_there_are()
    {
        await using var consumer = new RoomEventRecorder(RoomGroups.Activity);
        await consumer.ConnectAsync(_site);
        var other = await _site.Rooms.CreateAsync(_ada, "Other", default);

        await SayAsync(_ada, 1);
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
    public async Task Typing_is_told_to_those_who_have_the_room_open_and_not_with_every_letter()
    {
        await using var consumer = new RoomEventRecorder(RoomGroups.Typing(_room.Id));
        await consumer.ConnectAsync(_site);

        for (var i = 0; i < 20; i++)
            await _site.Conversation.TypingAsync(_zoe, _room.Id, default);
        await _site.Conversation.TypingAsync(_ada, _room.Id, default);

        Assert.Equal(new RoomTyping(_room.Id, _zoe.UserId, "Zoe"), await consumer.NextAsync());
        Assert.Equal(new RoomTyping(_room.Id, _ada.UserId, "Ada"), await consumer.NextAsync());
    }

    private async Task<long> UnreadAsync(ClaimsPrincipal person) => (await _site.Rooms.FindAsync(person, _room.Id, default))!.Unread;

    private async Task SayAsync(ClaimsPrincipal person, int times)
    {
        for (var i = 0; i < times; i++)
            await _site.Conversation.SendAsync(person, _room.Id, Guid.NewGuid(), $"{i}", default);
    }
}
