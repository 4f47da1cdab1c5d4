using System.Security.Claims;
using BlazorChat.Common;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Messages;

/// <summary>Edits and deletions of messages.</summary>
public sealed class ChangedMessageTests : IAsyncLifetime
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
    public async Task An_edit_gets_the_next_revision_and_has_the_same_sequence()
    {
        var first = await SendAsync(_zoe, "frist");
        await SendAsync(_ada, "second");

        var edited = await _site.Conversation.EditAsync(_zoe, _room.Id, 1, "**first**", default);
        var read = (await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages;

        Assert.Equal((1, 3, "**first**"), (edited.Sequence, edited.Revision, edited.Markdown));
        Assert.Contains("<strong>first</strong>", edited.Html, StringComparison.Ordinal);
        Assert.Equal((first.SentAt, first.ClientMessageId, "Zoe"), (edited.SentAt, edited.ClientMessageId, edited.AuthorName));
        Assert.NotNull(edited.EditedAt);
        Assert.Equal(edited, read[0]);
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_gets_no_revision()
    {
        var sent = await SendAsync(_ada, "same");

        var edited = await _site.Conversation.EditAsync(_ada, _room.Id, 1, "same", default);

        Assert.Equal(sent, edited);
        Assert.Equal(2, (await SendAsync(_ada, "next")).Revision);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("nul \0 inside")]
    public async Task An_edit_to_invalid_text_is_refused(string text)
    {
        await SendAsync(_ada, "fine");

        await RefusedAsync(RefusalCode.Invalid, () => _site.Conversation.EditAsync(_ada, _room.Id, 1, text, default));
        await RefusedAsync(RefusalCode.Invalid, () => _site.Conversation.EditAsync(_ada, _room.Id, 1, new string('x', 8_001), default));
    }

    [Fact]
    public async Task A_deleted_message_leaves_an_empty_row()
    {
        var sent = await SendAsync(_zoe, "secret");

        var deleted = await _site.Conversation.DeleteAsync(_zoe, _room.Id, 1, default);
        var again = await _site.Conversation.DeleteAsync(_zoe, _room.Id, 1, default);
        var repeated = await _site.Conversation.SendAsync(_zoe, _room.Id, sent.ClientMessageId, "secret", default);
        var next = await SendAsync(_ada, "next");

        Assert.Equal((1, 2, "", ""), (deleted.Sequence, deleted.Revision, deleted.Markdown, deleted.Html));
        Assert.NotNull(deleted.DeletedAt);
        Assert.Equal(deleted, again);
        Assert.Equal(deleted, repeated);
        Assert.Equal((2, 3), (next.Sequence, next.Revision));
        await using var db = await _site.OpenAsync();
        Assert.Empty(await db.Messages.Where(message => message.Markdown.Contains("secret") || message.Html.Contains("secret")).ToListAsync());
    }

    [Fact]
    public async Task A_deleted_message_cannot_be_edited()
    {
        await SendAsync(_ada, "gone");
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);

        await RefusedAsync(RefusalCode.NotFound, () => _site.Conversation.EditAsync(_ada, _room.Id, 1, "back", default));
        await RefusedAsync(RefusalCode.NotFound, () => _site.Conversation.EditAsync(_ada, _room.Id, 2, "never was", default));
        await RefusedAsync(RefusalCode.NotFound, () => _site.Conversation.DeleteAsync(_ada, _room.Id, 2, default));
    }

    [Fact]
    public async Task Only_authors_edit_and_authors_owners_and_admins_delete()
    {
        var max = await MemberAsync("Max");
        var admin = await MemberAsync("Root", isAdmin: true);
        for (var i = 0; i < 3; i++)
            await SendAsync(_zoe, $"by Zoe {i}");
        await SendAsync(_ada, "by Ada");

        foreach (var other in new[] { max, _ada, admin })
            await RefusedAsync(RefusalCode.Forbidden, () => _site.Conversation.EditAsync(other, _room.Id, 1, "not hers", default));
        await RefusedAsync(RefusalCode.Forbidden, () => _site.Conversation.DeleteAsync(max, _room.Id, 1, default));
        await RefusedAsync(RefusalCode.Forbidden, () => _site.Conversation.DeleteAsync(_zoe, _room.Id, 4, default));

        await _site.Conversation.DeleteAsync(_zoe, _room.Id, 1, default);
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 2, default);
        await _site.Conversation.DeleteAsync(admin, _room.Id, 3, default);
        Assert.Equal(
            ["", "", "", "by Ada"],
            (await _site.Conversation.ReadLatestAsync(_zoe, _room.Id, default)).Messages.Select(message => message.Markdown));
    }

    [Fact]
    public async Task Only_members_edit_and_delete_also_their_own_messages()
    {
        var admin = await _site.AddPersonAsync("Root", isAdmin: true);
        await SendAsync(_zoe, "hers");
        await _site.Owners.LeaveAsync(_zoe, _room.Id, null, default);

        await RefusedAsync(RefusalCode.Forbidden, () => _site.Conversation.EditAsync(_zoe, _room.Id, 1, "x", default));
        await RefusedAsync(RefusalCode.Forbidden, () => _site.Conversation.DeleteAsync(_zoe, _room.Id, 1, default));
        await RefusedAsync(RefusalCode.Forbidden, () => _site.Conversation.DeleteAsync(admin, _room.Id, 1, default));
        await RefusedAsync(RefusalCode.NotFound, () => _site.Conversation.DeleteAsync(_ada, 999, 1, default));
        Assert.False(await _site.Conversation.MayDeleteAllAsync(admin, (await _site.Rooms.FindAsync(admin, _room.Id, default))!, default));
    }

    private async Task<ClaimsPrincipal> MemberAsync(string name, bool isAdmin = false)
    {
        var person = await _site.AddPersonAsync(name, isAdmin);
        await _site.Rooms.JoinAsync(person, _room.Id, default);
        return person;
    }

    private Task<MessageView> SendAsync(ClaimsPrincipal person, string text) =>
        _site.Conversation.SendAsync(person, _room.Id, Guid.NewGuid(), text, default);

    private static async Task RefusedAsync(RefusalCode code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(call)).Code);
}
