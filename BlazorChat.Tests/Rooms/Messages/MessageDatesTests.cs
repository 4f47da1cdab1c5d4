using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Messages;

/// <summary>The first message of a time.</summary>
public sealed class MessageDatesTests : IAsyncLifetime
{
    private static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private RoomView _room = default!;

    private MessageDates Dates => _site.Services.GetRequiredService<MessageDates>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", RoomKind.Private, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(65)]
    [InlineData(5_000)]
    public async Task The_message_at_a_time_or_the_next_one_is_found_by_few_queries(int count)
    {
        // Several are sent at the same time, and then none for hours.
        var random = new Random(count);
        var (times, time) = (new DateTime[count], Begin);
        for (var i = 0; i < count; i++)
            times[i] = time = time.AddMinutes(random.Next(4) == 0 ? random.Next(600) : 0);
        await FillAsync(times);

        // As many as one may ask at once.
        for (var i = 0; i < 20; i++)
        {
            var at = i switch { 0 => Begin.AddYears(-1), 1 => time.AddDays(1), 2 => time, _ => Begin.AddTicks((long)((time - Begin).Ticks * random.NextDouble())) };
            var first = Array.FindIndex(times, sent => sent >= at);
            Assert.Equal(first < 0 ? count : first + 1, await Dates.FindAsync(_ada, _room.Id, at, default));
        }
    }

    [Fact]
    public async Task Replies_do_not_count_and_deleted_messages_do()
    {
        await FillAsync(Begin, Begin.AddDays(1), Begin.AddDays(2));
        await _site.Conversation.ReplyAsync(_ada, _room.Id, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 2, default);

        Assert.Equal(2, await Dates.FindAsync(_ada, _room.Id, Begin.AddHours(1), default));
        Assert.Equal(3, await Dates.FindAsync(_ada, _room.Id, Begin.AddDays(9), default));
    }

    [Fact]
    public async Task A_room_without_messages_has_none_and_another_persons_private_room_is_not_there()
    {
        Assert.Null(await Dates.FindAsync(_ada, _room.Id, Begin, default));
        var zoe = await _site.AddPersonAsync("Zoe");
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Dates.FindAsync(zoe, _room.Id, Begin, default));
        Assert.Equal(RefusalCode.NotFound, refused.Code);
    }

    private async Task FillAsync(params DateTime[] times)
    {
        await using var db = await _site.OpenAsync();
        db.AddRange(times.Select((time, i) => new Message
        {
            RoomId = _room.Id,
            Sequence = i + 1,
            Revision = i + 1,
            FirstRevision = i + 1,
            AuthorId = _ada.UserId,
            ClientMessageId = Guid.NewGuid(),
            Markdown = "x",
            Html = "<p>x</p>",
            SentAt = time,
        }));
        await db.SaveChangesAsync();
        await db.Rooms.Where(room => room.Id == _room.Id).ExecuteUpdateAsync(room => room
            .SetProperty(r => r.LastSequence, times.Length)
            .SetProperty(r => r.LastRevision, times.Length));
    }
}
