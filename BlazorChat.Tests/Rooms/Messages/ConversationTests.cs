using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Messages;

public sealed class ConversationTests : IAsyncLifetime
{
    private TestDatabase _site = default!;

    public async ValueTask InitializeAsync() => _site = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Simultaneous_sends_get_sequences_and_revisions_without_holes()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Busy", default);

        var sent = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Task.Run(() => _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), $"message {i}", default))));

        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), sent.Select(message => message.Sequence).Order());
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), sent.Select(message => message.Revision).Order());
    }

    [Fact]
    public async Task A_repeated_send_is_one_message()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);
        var id = Guid.NewGuid();

        var sent = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            Task.Run(() => _site.Conversation.SendAsync(ada, room.Id, id, "once", default))));
        var next = await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), "next", default);

        Assert.Single(sent.Distinct());
        Assert.Equal(2, next.Sequence);
        Assert.Equal(2, (await _site.Conversation.ReadLatestAsync(ada, room.Id, default)).Messages.Count);
    }

    [Fact]
    public async Task B7_An_id_of_all_zeros_is_refused()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => _site.Conversation.SendAsync(ada, room.Id, Guid.Empty, "text", default));

        Assert.Equal(RefusalCode.Invalid, refused.Code);
        Assert.Contains("client message id", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_is_what_is_sent_with_mentions_as_text()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);
        const string Text = "**bold** :tada: <b>\n\n- [x] done\n- `code`";

        Assert.Equal((await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), Text, default)).Html, _site.Conversation.Preview(ada, Text));
        Assert.Equal("<p>@ada and #room</p>", _site.Conversation.Preview(ada, "@ada and #room"));
        Assert.Single((await _site.Conversation.ReadLatestAsync(ada, room.Id, default)).Messages);
        Assert.Equal(RefusalCode.Invalid, Assert.Throws<RefusedException>(() => _site.Conversation.Preview(ada, new string('x', Message.MaxLength + 1))).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B7_The_same_id_with_another_text_or_in_another_room_is_a_conflict(bool isAtOnce)
    {
        var ada = await _site.AddPersonAsync("Ada");
        var (room, other) = (await _site.Rooms.CreateAsync(ada, "Room", default), await _site.Rooms.CreateAsync(ada, "Other", default));
        var id = Guid.NewGuid();
        var first = _site.Conversation.SendAsync(ada, room.Id, id, "first", default);
        if (!isAtOnce)
            await first;

        var changed = await Assert.ThrowsAsync<RefusedException>(() => _site.Conversation.SendAsync(ada, room.Id, id, "second", default));
        var moved = await Assert.ThrowsAsync<RefusedException>(() => _site.Conversation.SendAsync(ada, other.Id, id, "first", default));
        var repeated = await _site.Conversation.SendAsync(ada, room.Id, id, "first", default);

        Assert.Equal((RefusalCode.Conflict, RefusalCode.Conflict), (changed.Code, moved.Code));
        Assert.Equal((await first).Sequence, repeated.Sequence);
        Assert.Empty((await _site.Conversation.ReadLatestAsync(ada, other.Id, default)).Messages);
    }

    [Fact]
    public async Task B7_A_send_that_is_repeated_after_an_edit_returns_the_current_message()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);
        var id = Guid.NewGuid();
        await _site.Conversation.SendAsync(ada, room.Id, id, "first", default);
        await _site.Conversation.EditAsync(ada, room.Id, 1, "edited", default);

        Assert.Equal("edited", (await _site.Conversation.SendAsync(ada, room.Id, id, "first", default)).Markdown);
    }

    [Fact]
    public async Task G18_Messages_of_an_admin_are_marked_when_they_are_sent_and_read()
    {
        var ada = await _site.AddPersonAsync("Ada", isAdmin: true);
        var zoe = await _site.AddPersonAsync("Zoe");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);
        await _site.Rooms.JoinAsync(zoe, room.Id, default);

        var hers = await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), "x", default);
        var other = await _site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), "y", default);
        var first = await _site.Conversation.ReadLatestAsync(zoe, room.Id, default);
        await using (var db = await _site.OpenAsync())
            await db.UserRoles.ExecuteDeleteAsync();
        var afterwards = await _site.Conversation.ReadLatestAsync(zoe, room.Id, default);

        Assert.True(hers.AuthorIsAdmin);
        Assert.False(other.AuthorIsAdmin);
        Assert.Equal([true, false], first.Messages.Select(message => message.AuthorIsAdmin));
        Assert.Equal([false, false], afterwards.Messages.Select(message => message.AuthorIsAdmin));
    }

    [Fact]
    public async Task B6_A_revision_beyond_the_newest_is_clamped()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);
        await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), "before", default);
        await using var pages = _site.Conversation.FollowAsync(ada, room.Id, 999_999, default).GetAsyncEnumerator();

        var next = pages.MoveNextAsync().AsTask();
        // The follow may not have started, and earlier messages do not arrive.
        for (var i = 0; !next.IsCompleted; i++)
        {
            await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), $"after {i}", default);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(100)));
            Assert.InRange(i, 0, 100);
        }

        Assert.True(await next);
        Assert.StartsWith("after", pages.Current.Changes[0].Message.Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_the_database_refuses_does_not_fail_others()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The trigger is SQLite's.");
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);
        await using var db = await _site.OpenAsync();
        await db.Database.ExecuteSqlRawAsync(
            "CREATE TRIGGER poison BEFORE INSERT ON Messages WHEN NEW.Markdown = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END");

        // The first message is committed alone; those that arrive meanwhile are committed together.
        var errors = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            Record.ExceptionAsync(() => _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), i == 20 ? "poison" : $"message {i}", default)).AsTask()));
        var messages = (await _site.Conversation.ReadLatestAsync(ada, room.Id, default)).Messages;

        Assert.IsType<DbUpdateException>(Assert.Single(errors.OfType<Exception>()));
        Assert.Equal(Enumerable.Range(1, 39).Select(i => (long)i), messages.Select(message => message.Sequence));
        Assert.Equal(Enumerable.Range(0, 40).Where(i => i != 20).Select(i => $"message {i}"), messages.Select(message => message.Markdown));
        Assert.Equal(40, (await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), "next", default)).Sequence);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("nul \0 inside")]
    public async Task An_invalid_message_is_refused(string text)
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), text, default));

        Assert.Equal(RefusalCode.Invalid, refused.Code);
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_refused()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);

        // This is not the data of a theory, which the runner would replace by valid text.
        await Assert.ThrowsAsync<RefusedException>(
            () => _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), "half \uD83D emoji", default));
    }

    [Fact]
    public async Task A_cached_page_shows_the_current_pictures_of_people()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);
        await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), "hello", default);
        foreach (var picture in new Guid?[] { null, Guid.NewGuid(), Guid.NewGuid(), null })
        {
            await using var db = await _site.OpenAsync();
            await db.Users.ExecuteUpdateAsync(user => user.SetProperty(u => u.AvatarId, picture));

            var page = await _site.Conversation.ReadLatestAsync(ada, room.Id, default);

            Assert.Equal(picture, Assert.Single(page.Messages).AuthorAvatarId);
        }
    }

    [Fact]
    public async Task A_message_has_at_most_8000_characters()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Room", default);
        var longest = new string('한', 8_000);

        await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), longest, default);

        await Assert.ThrowsAsync<RefusedException>(
            () => _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), longest + "x", default));
    }

    [Fact]
    public async Task A_person_who_is_not_a_member_reads_open_rooms_and_writes_in_none()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var zoe = await _site.AddPersonAsync("Zoe");
        var room = await _site.Rooms.CreateAsync(ada, "Open", default);
        await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), "hello", default);

        Assert.Single((await _site.Conversation.ReadLatestAsync(zoe, room.Id, default)).Messages);
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => _site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), "me too", default));
        Assert.Equal(RefusalCode.Forbidden, refused.Code);
        Assert.Single((await _site.Conversation.ReadLatestAsync(ada, room.Id, default)).Messages);
    }

    [Fact]
    public async Task A_private_room_does_not_exist_for_others()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var zoe = await _site.AddPersonAsync("Zoe");
        var admin = await _site.AddPersonAsync("Admin", isAdmin: true);
        var room = await _site.Rooms.CreateAsync(ada, "Secret", default);
        await using (var db = await _site.OpenAsync())
        {
            (await db.Rooms.FindAsync(room.Id))!.Kind = RoomKind.Private;
            await db.SaveChangesAsync();
        }

        Assert.NotNull(await _site.Rooms.FindAsync(ada, room.Id, default));
        foreach (var other in new[] { zoe, admin })
        {
            Assert.Null(await _site.Rooms.FindAsync(other, room.Id, default));
            Assert.Empty(await _site.Rooms.ListVisibleAsync(other, default));
            foreach (var attempt in new Func<Task>[]
            {
                () => _site.Conversation.ReadLatestAsync(other, room.Id, default),
                () => _site.Conversation.ReadBeforeAsync(other, room.Id, 10, default),
                () => _site.Conversation.ReadAfterAsync(other, room.Id, 0, default),
                async () => await _site.Conversation.FollowAsync(other, room.Id, 0, default).GetAsyncEnumerator().MoveNextAsync(),
                () => _site.Conversation.SendAsync(other, room.Id, Guid.NewGuid(), "x", default),
                () => _site.Conversation.EditAsync(other, room.Id, 1, "x", default),
                () => _site.Conversation.DeleteAsync(other, room.Id, 1, default),
                () => _site.Conversation.MarkReadAsync(other, room.Id, 1, default),
                () => _site.Conversation.TypingAsync(other, room.Id, default),
                () => _site.Rooms.JoinAsync(other, room.Id, default),
                () => _site.RoomSettings.RenameAsync(other, room.Id, "Mine", default),
                () => _site.RoomLifecycle.ArchiveAsync(other, room.Id, default),
                () => _site.RoomLifecycle.UnarchiveAsync(other, room.Id, default),
                () => _site.RoomLifecycle.DeleteAsync(other, room.Id, default),
                () => _site.Owners.SetOwnerAsync(other, room.Id, other.UserId, isOwner: true, default),
            })
            {
                Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(attempt)).Code);
            }
        }
    }

    [Fact]
    public async Task Pages_of_history_have_no_holes_or_duplicates()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Long", default);
        for (var i = 1; i <= 120; i++)
            await _site.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), $"{i}", default);

        var latest = await _site.Conversation.ReadLatestAsync(ada, room.Id, default);
        var before = await _site.Conversation.ReadBeforeAsync(ada, room.Id, latest.Messages[0].Sequence, default);
        var first = await _site.Conversation.ReadBeforeAsync(ada, room.Id, before.Messages[0].Sequence, default);
        var after = await _site.Conversation.ReadAfterAsync(ada, room.Id, 20, default);

        var all = first.Messages.Concat(before.Messages).Concat(latest.Messages).Select(message => message.Sequence);
        Assert.Equal(Enumerable.Range(1, 120).Select(i => (long)i), all);
        Assert.Equal(Enumerable.Range(21, 50).Select(i => (long)i), after.Messages.Select(message => message.Sequence));
    }
}
