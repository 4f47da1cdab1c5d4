using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Tests.Data;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Directory;

/// <summary>Archived and deleted rooms over two nodes, one database and one real Redis.</summary>
public sealed class RoomLifecycleTests : IAsyncLifetime
{
    private readonly LogRecorder _log = new();
    private RedisServer _redis = default!;
    private TestDatabase _here = default!;
    private TestDatabase _there = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private ClaimsPrincipal _max = default!;
    private RoomView _room = default!;

    private RoomLifecycle Lifecycle => _here.RoomLifecycle;

    private AttachmentUploads Uploads => _here.Services.GetRequiredService<AttachmentUploads>();

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _here = await TestDatabase.CreateAsync(_redis.ConnectionString);
        _there = await _here.AddNodeAsync();
        _here.Services.GetRequiredService<ILoggerFactory>().AddProvider(_log);
        _there.Services.GetRequiredService<ILoggerFactory>().AddProvider(_log);
        _ada = await _here.AddPersonAsync("Ada");
        _zoe = await _here.AddPersonAsync("Zoe");
        _max = await _here.AddPersonAsync("Max");
        _room = await _here.Rooms.CreateAsync(_ada, "Launch", default);
        await _here.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Owners_and_admins_archive_and_delete_a_room_and_others_do_not()
    {
        var admin = await _here.AddPersonAsync("Root", isAdmin: true);
        foreach (var person in new[] { _zoe, _max })
        {
            await RefusedAsync(RefusalCode.Forbidden, () => Lifecycle.ArchiveAsync(person, _room.Id, default));
            await RefusedAsync(RefusalCode.Forbidden, () => Lifecycle.UnarchiveAsync(person, _room.Id, default));
            await RefusedAsync(RefusalCode.Forbidden, () => Lifecycle.DeleteAsync(person, _room.Id, default));
        }

        await Lifecycle.ArchiveAsync(_ada, _room.Id, default);
        var archivedAt = (await _here.Rooms.FindAsync(_max, _room.Id, default))!.ArchivedAt;
        await Lifecycle.ArchiveAsync(admin, _room.Id, default);
        Assert.NotNull(archivedAt);
        Assert.Equal(archivedAt, (await _here.Rooms.FindAsync(_max, _room.Id, default))!.ArchivedAt);
        await Lifecycle.UnarchiveAsync(admin, _room.Id, default);
        Assert.Null((await _here.Rooms.FindAsync(_max, _room.Id, default))!.ArchivedAt);
        await Lifecycle.DeleteAsync(admin, _room.Id, default);
        Assert.Null(await _here.Rooms.FindAsync(_ada, _room.Id, default));
    }

    [Fact]
    public async Task An_archived_room_is_read_and_nobody_changes_anything_in_it()
    {
        var id = Guid.NewGuid();
        var sent = await _here.Conversation.SendAsync(_zoe, _room.Id, id, "before", default);
        await Lifecycle.ArchiveAsync(_ada, _room.Id, default);

        foreach (var (node, person) in new[] { (_here, _ada), (_there, _zoe) })
        {
            foreach (var command in new Func<Task>[]
            {
                () => node.Conversation.SendAsync(person, _room.Id, Guid.NewGuid(), "x", default),
                () => node.Conversation.EditAsync(person, _room.Id, 1, "x", default),
                () => node.Conversation.DeleteAsync(person, _room.Id, 1, default),
                () => node.Conversation.TypingAsync(person, _room.Id, default),
                () => UploadAsync(person, _room, [1]),
            })
            {
                var refused = await RefusedAsync(RefusalCode.Archived, command);
                Assert.Contains("archived", refused.Message, StringComparison.Ordinal);
            }
        }

        await RefusedAsync(RefusalCode.Archived, () => _here.Rooms.JoinAsync(_max, _room.Id, default));
        await RefusedAsync(RefusalCode.Archived, () => _here.Services.GetRequiredService<RoomMembers>().AddAsync(_ada, _room.Id, _max.UserId, default));
        // People who are not members learn that first.
        await RefusedAsync(RefusalCode.Forbidden, () => _here.Conversation.SendAsync(_max, _room.Id, Guid.NewGuid(), "x", default));
        // A repeated send was accepted before.
        Assert.Equal(sent.Sequence, (await _here.Conversation.SendAsync(_zoe, _room.Id, id, "before", default)).Sequence);
        await _here.Conversation.MarkReadAsync(_ada, _room.Id, 1, default);
        Assert.Equal(["before"], (await _there.Conversation.ReadLatestAsync(_max, _room.Id, default)).Messages.Select(message => message.Markdown));

        await Lifecycle.UnarchiveAsync(_ada, _room.Id, default);
        Assert.Equal(2, (await _there.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "after", default)).Sequence);
        await _here.Rooms.JoinAsync(_max, _room.Id, default);
    }

    [Fact]
    public async Task An_archived_room_is_only_in_the_list_of_archived_rooms()
    {
        await Lifecycle.ArchiveAsync(_ada, _room.Id, default);

        Assert.Empty(await _there.Rooms.ListJoinedAsync(_zoe, default));
        Assert.Empty(await _there.Rooms.ListDescribedAsync(_zoe, default));
        Assert.Empty(await _there.Rooms.ListVisibleAsync(_zoe, default));
        Assert.Empty(await _there.Rooms.ListVisibleAsync(_zoe, "lau", null, default));
        Assert.Equal(["Launch"], (await _there.Rooms.ListVisibleAsync(_max, "", null, isArchived: true, default)).Select(room => room.Name));
        Assert.Equal(2, Assert.Single(await _there.Rooms.ListVisibleAsync(_zoe, "LAU", null, isArchived: true, default)).Members);
        Assert.Empty(await _there.Rooms.ListVisibleAsync(_zoe, "x", null, isArchived: true, default));
        // The name is still taken.
        await RefusedAsync(RefusalCode.Conflict, () => _here.Rooms.CreateAsync(_ada, "Launch", default));

        await Lifecycle.UnarchiveAsync(_ada, _room.Id, default);
        Assert.Single(await _there.Rooms.ListJoinedAsync(_zoe, default));
        Assert.Empty(await _there.Rooms.ListVisibleAsync(_zoe, "", null, isArchived: true, default));
    }

    [Fact]
    public async Task A_deleted_room_is_gone_with_its_messages_and_files()
    {
        var other = await _here.Rooms.CreateAsync(_ada, "Other", default);
        var sent = await UploadAsync(_ada, _room, "in the room"u8.ToArray());
        var unsent = await UploadAsync(_zoe, _room, "never sent"u8.ToArray());
        var shared = await UploadAsync(_ada, _room, "in both rooms"u8.ToArray());
        var copy = await UploadAsync(_ada, other, "in both rooms"u8.ToArray());
        await _here.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "files", [sent, shared], default);
        await _here.Conversation.SendAsync(_ada, other.Id, Guid.NewGuid(), "file", [copy], default);
        for (var i = 0; i < 3; i++)
            await _here.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), $"{i}", default);
        Assert.Equal(3, FilesOf(_here));

        await Lifecycle.DeleteAsync(_ada, _room.Id, default);
        foreach (var person in new[] { _ada, _zoe })
        {
            Assert.False(await IsServedAsync(person, sent));
            await RefusedAsync(RefusalCode.NotFound, () => _there.Conversation.ReadLatestAsync(person, _room.Id, default));
            await RefusedAsync(RefusalCode.NotFound, () => _here.Conversation.SendAsync(person, _room.Id, Guid.NewGuid(), "x", default));
            await RefusedAsync(RefusalCode.NotFound, () => UploadAsync(person, _room, [1]));
            await RefusedAsync(RefusalCode.NotFound, () => Lifecycle.DeleteAsync(person, _room.Id, default));
        }

        await _log.WaitForAsync($"Deleted room {_room.Id} is removed");
        await using var db = await _here.OpenAsync();
        Assert.Equal([other.Id], await db.Rooms.Select(room => room.Id).ToListAsync());
        Assert.Equal([other.Id], await db.Messages.Select(message => message.RoomId).ToListAsync());
        Assert.Equal([other.Id], await db.Memberships.Select(membership => membership.RoomId).ToListAsync());
        Assert.Equal([copy], await db.Attachments.Select(attachment => attachment.Id).ToListAsync());
        Assert.Empty(await db.RoomDeletions.ToListAsync());
        Assert.Equal(1, FilesOf(_here));
        Assert.True(await IsServedAsync(_zoe, copy));
        Assert.False(await IsServedAsync(_zoe, unsent));
        Assert.True(await _here.Rooms.IsDeletedAsync(_room.Id, default));
    }

    [Theory]
    [InlineData(RoomKind.Open, true)]
    [InlineData(RoomKind.Private, true)]
    [InlineData(RoomKind.Private, false)]
    public async Task The_follows_of_a_deleted_room_end_on_every_node(RoomKind kind, bool isRedisThere)
    {
        await _here.RoomSettings.ChangeAsync(_ada, _room.Id, new RoomEdit(Kind: kind), default);
        await using var hers = new Follower<MessageChanged>(token => _there.Conversation.FollowAsync(_zoe, _room.Id, 0, token));
        await _here.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "before", default);
        await hers.WaitForAsync(1);
        if (!isRedisThere)
            await _redis.KillAsync();

        await Lifecycle.DeleteAsync(_ada, _room.Id, default);

        Assert.Equal(RefusalCode.NotFound, (await Assert.ThrowsAsync<RefusedException>(hers.EndedAsync)).Code);
    }

    [Theory]
    [InlineData(RoomKind.Open)]
    [InlineData(RoomKind.Private)]
    public async Task A_deletion_is_published_to_those_who_saw_the_room_without_its_texts(RoomKind kind)
    {
        await _here.RoomSettings.ChangeAsync(_ada, _room.Id, new RoomEdit(Topic: "Plans", Kind: kind), default);
        await using var recorder = new RoomEventRecorder(kind == RoomKind.Open ? RoomGroups.All : RoomGroups.User(_zoe.UserId));
        await using var others = new RoomEventRecorder(kind == RoomKind.Open ? RoomGroups.User(_zoe.UserId) : RoomGroups.All);
        await recorder.ConnectAsync(_there);
        await others.ConnectAsync(_there);

        await Lifecycle.DeleteAsync(_ada, _room.Id, default);

        // The change before may arrive first.
        var deleted = Assert.IsType<RoomChanged>(await recorder.NextAsync());
        while (deleted.Version < 2)
            deleted = Assert.IsType<RoomChanged>(await recorder.NextAsync());
        Assert.Equal((_room.Id, true, "", ""), (deleted.RoomId, deleted.IsDeleted, deleted.Name, deleted.Topic));
        await _there.Layer.PublishAsync(kind == RoomKind.Open ? RoomGroups.User(_zoe.UserId) : RoomGroups.All, new RoomRead(1, 1));
        var other = await others.NextAsync();
        while (other is RoomHidden)
            other = await others.NextAsync();
        Assert.IsType<RoomRead>(other);
    }

    [Fact]
    public async Task The_name_of_a_deleted_room_can_be_used_at_once_and_nobody_joins_the_deleted_one()
    {
        await Lifecycle.DeleteAsync(_ada, _room.Id, default);

        var again = await _here.Rooms.CreateAsync(_zoe, "Launch", default);
        await RefusedAsync(
            RefusalCode.NotFound, () => _here.Rooms.AddMemberAsync(_room.Id, _max.UserId, isInvited: true, RoomTexts.Get("MemberRoomsFull"), default));
        var admin = await _here.AddPersonAsync("Root", isAdmin: true);

        Assert.NotEqual(_room.Id, again.Id);
        Assert.Empty(await _here.Owners.ListOwnerlessAsync(admin, 0, default));
        await RefusedAsync(RefusalCode.Conflict, () => _here.Owners.AssignAsync(admin, _room.Id, admin.UserId, default));
    }

    [Fact]
    public async Task A_node_removes_a_room_only_while_it_has_the_lease()
    {
        await _here.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "x", default);
        await using var db = await _here.OpenAsync();
        // Another node has leased it for an hour.
        db.Add(new RoomDeletion { RoomId = _room.Id, LeasedUntil = DateTime.UtcNow.AddHours(1) });
        await db.SaveChangesAsync();
        var removal = _here.Services.GetRequiredService<RoomRemoval>();

        Assert.Null(await removal.TryLeaseAsync(default));
        Assert.Null(await removal.RemoveBatchAsync(new RoomRemoval.Lease(_room.Id, DateTime.UtcNow), default));

        Assert.Equal(1, await db.Messages.CountAsync());
    }

    [Fact]
    public void Every_table_that_refers_to_a_room_is_known_to_the_removal()
    {
        using var db = MigrationTests.Create<BlazorChat.Data.Sqlite.SqliteChatDbContext>();

        // Rows of these are removed with the room: attachments, mentions, reactions, links and messages in batches, the others with them or with the row of the room.
        // Deliveries live on until the devices have withdrawn them, and scheduled messages until their authors have read why they were not sent.
        var tables = db.Model.GetEntityTypes()
            .Where(type => type.GetProperties().Any(property => property.Name is "RoomId" or "OwnerId" or "SourceId" or "MessageId"))
            .Select(type => type.ClrType.Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                nameof(Attachment), nameof(BlazorChat.Data.Entities.Bots.BotCall), nameof(Membership), nameof(Mention), nameof(Message), nameof(BlazorChat.Data.Entities.Links.MessageLink), nameof(MessageNotification),
                nameof(MessagePin), nameof(MessageReport), nameof(MessageThread), nameof(MessageVersion), nameof(Poll), nameof(PollOption), nameof(PollVote), nameof(BlazorChat.Data.Entities.Notifications.PushDelivery), nameof(Reaction), nameof(Reminder), nameof(RoomDeletion),
                nameof(SavedMessage), nameof(ScheduledMessage), nameof(SearchPosition),
            ],
            tables);
    }

    private static int FilesOf(TestDatabase node) =>
        System.IO.Directory.EnumerateFiles(Path.Combine(node.DataFolder, "attachments"), "*", SearchOption.AllDirectories).Count();

    private async Task<Guid> UploadAsync(ClaimsPrincipal person, RoomView room, byte[] content)
    {
        var id = Guid.NewGuid();
        await Uploads.ReceiveAsync(person, new Upload(id, AttachmentOwner.Room, room.Id, "file.txt"), new MemoryStream(content), default);
        return id;
    }

    private async Task<bool> IsServedAsync(ClaimsPrincipal person, Guid id)
    {
        var file = await _there.Services.GetRequiredService<AttachmentFiles>().OpenAsync(person, id, null, default);
        await (file?.Content.DisposeAsync() ?? ValueTask.CompletedTask);
        return file is not null;
    }

    private static async Task<RefusedException> RefusedAsync(RefusalCode code, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(call);
        Assert.Equal(code, refused.Code);
        return refused;
    }
}
