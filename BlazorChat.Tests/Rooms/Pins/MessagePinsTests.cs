using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pins;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Pins;

/// <summary>Pins as rows, as a message shows them, and in the feed.</summary>
public sealed class MessagePinsTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private MessagePins Pins => _site.Services.GetRequiredService<MessagePins>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
        await SendAsync("hello");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_pin_is_a_row_and_a_change_of_its_message_but_no_edit_and_nothing_unread_and_repeats_change_nothing()
    {
        var before = await _site.Rooms.FindAsync(_zoe, _room.Id, default);
        await using var follower = new Follower<MessageChanged>(stop => _site.Conversation.FollowAsync(_zoe, _room.Id, 1, stop));

        var pinned = await SetAsync(_zoe, 1);
        var again = await SetAsync(_ada, 1);

        Assert.Equal((2, 2, _zoe.UserId, (DateTime?)null), (pinned.Revision, again.Revision, again.Pin!.PersonId, again.EditedAt));
        Assert.Equal([1], await RowsAsync());
        var page = await _site.Conversation.ReadLatestAsync(_zoe, _room.Id, default);
        Assert.Equal((pinned.Pin!.PersonId, 1L), (page.Messages[0].Pin!.PersonId, Assert.Single(page.Pins!)));
        var after = await _site.Rooms.FindAsync(_zoe, _room.Id, default);
        Assert.Equal((before!.Unread, before.LastSequence), (after!.Unread, after.LastSequence));

        // An edit and a reaction leave it, and any member removes it.
        Assert.NotNull((await _site.Conversation.EditAsync(_ada, _room.Id, 1, "changed", default)).Pin);
        Assert.NotNull((await _site.Services.GetRequiredService<MessageReactions>().AddAsync(_ada, _room.Id, 1, "👍", default)).Pin);
        var unpinned = await SetAsync(_ada, 1, isSet: false);
        Assert.Equal((5, 5, null), (unpinned.Revision, (await SetAsync(_ada, 1, isSet: false)).Revision, unpinned.Pin));
        Assert.Empty(await RowsAsync());
        await follower.WaitForAsync(5);
        Assert.Null(follower.Changes[^1].Message.Pin);
    }

    [Fact]
    public async Task The_list_has_messages_and_replies_those_first_that_were_pinned_last_and_none_that_is_deleted()
    {
        var reply = await _site.Conversation.ReplyAsync(_zoe, _room.Id, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);
        await SendAsync("gone");
        foreach (var key in new[] { 2, 1, reply.Sequence })
            await SetAsync(_ada, key);
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 2, default);

        var listed = await Pins.ListAsync(_zoe, _room.Id, default);

        Assert.Equal([("reply", $"rooms/{_room.Id}/1/1", "Ada"), ("hello", $"rooms/{_room.Id}#m-1", "Ada")], listed.Select(pin => (pin.Message.Markdown, pin.Message.Address, pin.PinnedBy)));
        Assert.Equal([reply.Sequence, 1], (await Pins.ListKeysAsync(_zoe, _room.Id, default)).Order());
        Assert.Equal([reply.Sequence, 1], (await RowsAsync()).Order());
        Assert.Equal("NotFound This message was deleted.", await RefusedAsync(() => SetAsync(_ada, 2)));
    }

    [Fact]
    public async Task A_room_has_a_bounded_number_of_pins()
    {
        for (var i = 2; i <= PinView.MaxPins + 1; i++)
            await SendAsync($"{i}");
        for (var i = 1; i <= PinView.MaxPins; i++)
            await SetAsync(i % 2 == 0 ? _ada : _zoe, i);

        Assert.Equal("Conflict A room can have at most 50 pinned messages. Unpin one first.", await RefusedAsync(() => SetAsync(_ada, PinView.MaxPins + 1)));
        await SetAsync(_ada, 7);
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 3, default);
        await SetAsync(_ada, PinView.MaxPins + 1);

        Assert.Equal(PinView.MaxPins, (await Pins.ListAsync(_ada, _room.Id, default)).Count);
    }

    [Fact]
    public async Task Who_may_not_write_may_not_pin_and_who_may_not_read_sees_no_list()
    {
        var guest = await _site.AddPersonAsync("Guest");
        var hidden = await _site.Rooms.CreateAsync(_ada, "Hidden", RoomKind.Private, default);
        await _site.Conversation.SendAsync(_ada, hidden.Id, Guid.NewGuid(), "x", default);
        await Pins.SetAsync(_ada, hidden.Id, 1, isSet: true, default);

        Assert.StartsWith("Forbidden ", await RefusedAsync(() => SetAsync(guest, 1)), StringComparison.Ordinal);
        Assert.StartsWith("NotFound ", await RefusedAsync(() => Pins.SetAsync(guest, hidden.Id, 1, isSet: false, default)), StringComparison.Ordinal);
        Assert.StartsWith("NotFound ", await RefusedAsync(() => SetAsync(_zoe, 99)), StringComparison.Ordinal);
        Assert.StartsWith("NotFound ", await RefusedAsync(() => Pins.ListAsync(guest, hidden.Id, default)), StringComparison.Ordinal);
        Assert.Empty(await Pins.ListKeysAsync(guest, hidden.Id, default));
        Assert.Empty(await Pins.ListAsync(guest, _room.Id, default));
        await _site.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default);
        Assert.StartsWith("Archived ", await RefusedAsync(() => SetAsync(_zoe, 1)), StringComparison.Ordinal);
    }

    private Task<MessageView> SetAsync(ClaimsPrincipal person, long sequence, bool isSet = true) => Pins.SetAsync(person, _room.Id, sequence, isSet, default);

    private Task<MessageView> SendAsync(string text) => _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default);

    private async Task<IReadOnlyList<long>> RowsAsync()
    {
        await using var db = await _site.OpenAsync();
        return await db.Pins.Select(pin => pin.Message!.Sequence).ToListAsync();
    }

    private static async Task<string> RefusedAsync(Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        return $"{refused.Code} {refused.Message}";
    }
}
