using System.Data.Common;
using System.Security.Claims;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Rooms.Messages;

public sealed class UnreadRoomsTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;

    private UnreadRooms Unread => _site.Services.GetRequiredService<UnreadRooms>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task The_first_unread_messages_of_each_room_are_listed_with_its_count()
    {
        var (busy, marked) = (await AddRoomAsync("Busy", 8), await AddRoomAsync("Marked", 3));
        await _site.Conversation.MarkReadAsync(_zoe, busy.Id, 1, default);
        await _site.Conversation.DeleteAsync(_ada, busy.Id, 3, default);
        await _site.Conversation.MarkReadAsync(_zoe, marked.Id, 3, default);
        await _site.Conversation.MarkUnreadAsync(_zoe, marked.Id, 3, default);
        await AddRoomAsync("Read", 0);
        await _site.Preferences.SetLevelAsync(_zoe, (await AddRoomAsync("Muted", 2)).Id, RoomLevel.Nothing, default);
        await _site.Preferences.HideAsync(_zoe, (await AddRoomAsync("Hidden", 2)).Id, default);
        var others = await _site.Rooms.CreateAsync(_ada, "Not hers", RoomKind.Open, default);
        await SendAsync(others, 1);

        var page = await Unread.ListAsync(_zoe, after: null, default);

        Assert.False(page.HasMore);
        Assert.Equal([("Busy", 7), ("Marked", 1)], page.Rooms.Select(unread => (unread.Room.Name, unread.Room.Counted)));
        Assert.Equal([2, 4, 5, 6, 7], page.Rooms[0].First.Select(message => message.Sequence));
        Assert.Equal([3], page.Rooms[1].First.Select(message => message.Sequence));
        Assert.Empty((await Unread.ListAsync(_ada, after: null, default)).Rooms);
    }

    [Fact]
    public async Task A_page_of_many_rooms_needs_as_many_queries_as_one_room()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The intercepted database is SQLite's.");
        var counter = new QueryCounter();
        var unread = ActivatorUtilities.CreateInstance<UnreadRooms>(_site.Services, new InterceptedDatabase(_site.DataFolder, counter));
        await AddRoomAsync("Room", 7);
        await unread.ListAsync(_zoe, after: null, default);
        var ofOne = counter.Count;

        for (var i = 0; i < 19; i++)
            await AddRoomAsync($"Room {i:00}", 2);
        var page = await unread.ListAsync(_zoe, after: null, default);

        Assert.Equal(ofOne, counter.Count - ofOne);
        Assert.Equal([5, .. Enumerable.Repeat(2, 19)], page.Rooms.Select(room => room.First.Count));
        Assert.All(page.Rooms, room => Assert.All(room.First, message => Assert.Equal(room.Room.Id, message.RoomId)));
    }

    [Fact]
    public async Task The_list_has_pages()
    {
        for (var i = 0; i < 23; i++)
            await AddRoomAsync($"Room {i:00}", 1);

        var first = await Unread.ListAsync(_zoe, after: null, default);
        await _site.Conversation.MarkReadAsync(_zoe, first.Rooms[^1].Room.Id, 1, default);
        var second = await Unread.ListAsync(_zoe, first.Rooms[^1].Room, default);

        Assert.Equal((20, true), (first.Rooms.Count, first.HasMore));
        Assert.Equal(["Room 20", "Room 21", "Room 22"], second.Rooms.Select(unread => unread.Room.Name));
        Assert.False(second.HasMore);
    }

    [Fact]
    public async Task All_rooms_are_marked_as_read_at_once_and_marked_as_unread_again()
    {
        var (one, two, muted) = (await AddRoomAsync("One", 3), await AddRoomAsync("Two", 4), await AddRoomAsync("Muted", 5));
        await _site.Conversation.MarkReadAsync(_zoe, two.Id, 1, default);
        await _site.Preferences.SetLevelAsync(_zoe, muted.Id, RoomLevel.Nothing, default);

        var read = await Unread.MarkAllReadAsync(_zoe, default);

        Assert.Equal([new UnreadStart(one.Id, 1), new UnreadStart(two.Id, 2)], read);
        Assert.Equal([0, 0, 5], await CountsAsync());
        await _site.Owners.LeaveAsync(_zoe, one.Id, null, default);
        await Unread.MarkUnreadAsync(_zoe, read, default);
        Assert.Equal([3, 5], await CountsAsync());

        async Task<IEnumerable<long>> CountsAsync() => (await _site.Rooms.ListJoinedAsync(_zoe, default)).OrderBy(room => room.Id).Select(room => room.Unread);
    }

    private sealed class QueryCounter : DbCommandInterceptor
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _count);
            return ValueTask.FromResult(result);
        }
    }

    private async Task<RoomView> AddRoomAsync(string name, int messages)
    {
        var room = await _site.Rooms.CreateAsync(_ada, name, default);
        await _site.Rooms.JoinAsync(_zoe, room.Id, default);
        await SendAsync(room, messages);
        return room;
    }

    private async Task SendAsync(RoomView room, int messages)
    {
        for (var i = 0; i < messages; i++)
            await _site.Conversation.SendAsync(_ada, room.Id, Guid.NewGuid(), $"{i}", default);
    }
}
