using System.Security.Claims;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages.Versions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Messages.Versions;

/// <summary>The earlier texts of edited messages.</summary>
public sealed class EditHistoryTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private EditHistory History => _site.Services.GetRequiredService<EditHistory>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Each_edit_stores_the_text_that_it_replaces()
    {
        var sent = await SendAsync("one");
        var second = await EditAsync(sent.Sequence, "two");
        await EditAsync(sent.Sequence, "two");
        var third = await EditAsync(sent.Sequence, "three");

        var versions = await History.ReadAsync(_zoe, _room.Id, sent.Sequence, before: null, default);

        Assert.Equal([("two", third.Revision, second.EditedAt!.Value), ("one", second.Revision, sent.SentAt)], versions.Select(version => (version.Markdown, version.Revision, version.WrittenAt)));
        Assert.Equal(["one"], (await History.ReadAsync(_zoe, _room.Id, sent.Sequence, before: versions[0].Revision, default)).Select(version => version.Markdown));
    }

    [Fact]
    public async Task Edits_of_one_transaction_are_all_stored()
    {
        var sent = await SendAsync("0");

        await Task.WhenAll(Enumerable.Range(1, 20).Select(number => EditAsync(sent.Sequence, $"{number}")));

        var current = (await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages.Single().Markdown;
        var versions = await History.ReadAsync(_ada, _room.Id, sent.Sequence, before: null, default);
        Assert.Equal(Enumerable.Range(0, 21).Select(number => $"{number}").Order(), versions.Select(version => version.Markdown).Append(current).Order());
    }

    [Fact]
    public async Task The_texts_of_a_reply_are_read_by_its_key_in_the_room()
    {
        await SendAsync("root");
        var reply = await _site.Conversation.ReplyAsync(_ada, _room.Id, 1, Guid.NewGuid(), "one", [], isInRoom: false, default);
        await EditAsync(reply.Sequence, "two");

        Assert.Equal(["one"], (await History.ReadAsync(_zoe, _room.Id, reply.Sequence, before: null, default)).Select(version => version.Markdown));
    }

    [Fact]
    public async Task A_deleted_message_has_no_earlier_texts_also_in_the_database()
    {
        await SendAsync("stays");
        await EditAsync(1, "stays, edited");
        await SendAsync("secret");
        await EditAsync(2, "public");

        // In one transaction or in two: an edit before the deletion is removed too.
        await Task.WhenAll(EditAsync(2, "again"), _site.Conversation.DeleteAsync(_ada, _room.Id, 2, default));

        Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => History.ReadAsync(_ada, _room.Id, 2, before: null, default))).Code);
        await using var db = await _site.OpenAsync();
        Assert.Equal(["stays"], await db.MessageVersions.Select(version => version.Markdown).ToListAsync());
    }

    [Fact]
    public async Task Only_those_who_may_read_the_room_read_the_texts()
    {
        var hidden = await _site.Rooms.CreateAsync(_ada, "Hidden", RoomKind.Private, default);
        await _site.Conversation.SendAsync(_ada, hidden.Id, Guid.NewGuid(), "one", default);
        await _site.Conversation.EditAsync(_ada, hidden.Id, 1, "two", default);

        Assert.Single(await History.ReadAsync(_ada, hidden.Id, 1, before: null, default));
        Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => History.ReadAsync(_zoe, hidden.Id, 1, before: null, default))).Code);
        Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => History.ReadAsync(_ada, hidden.Id, 9, before: null, default))).Code);
    }

    private Task<MessageView> SendAsync(string text) => _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default);

    private async Task<MessageView> EditAsync(long sequence, string text)
    {
        try
        {
            return await _site.Conversation.EditAsync(_ada, _room.Id, sequence, text, default);
        }
        catch (RefusedException refused) when (refused.Code == RefusalCode.NotFound)
        {
            // The deletion came first.
            return null!;
        }
    }
}
