using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Accounts.Bots;
using BlazorChat.Accounts.Confirmation;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Naming;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Admin;
using BlazorChat.Admin.Audit;
using BlazorChat.Attachments;
using BlazorChat.Attachments.Avatars;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Metadata;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Data.Search;
using BlazorChat.Data.SqlServer;
using BlazorChat.Feeds;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Liveblogs.Search;
using BlazorChat.Notifications.Mail;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Notifications.Push;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Links;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Writing;
using BlazorChat.Rooms.Outbox;
using BlazorChat.Rooms.Previews;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Scheduled;
using BlazorChat.Rooms.Search;
using BlazorChat.Rooms.Search.Indexing;
using BlazorChat.Rooms.Threads;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace BlazorChat.Tests.Data.SqlServer;

/// <summary>What we send to SQL Server, checked by its own parser and schema builder, without a server.</summary>
[Trait("Speed", "Slow")]
public sealed class SqlServerSchemaTests
{
    /// <summary>The most commands of one call of a feature.</summary>
    private const int MaxCommandsOfCall = 32;

    [Fact]
    public void The_migration_script_parses()
    {
        using var db = MigrationTests.Create<SqlServerChatDbContext>();

        Parse(db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent));
    }

    [Fact]
    public void The_schema_holds() => Assert.Empty(Errors(CreateModel()));

    [Fact]
    public void A_query_with_a_wrong_column_would_be_found()
    {
        var model = CreateModel();

        model.AddObjects("CREATE PROCEDURE [Wrong] AS SELECT [NoSuchColumn] FROM [Rooms]");

        Assert.NotEmpty(Errors(model));
    }

    [Theory]
    [InlineData(0, 84)]
    [InlineData(1, 118)]
    public async Task Every_query_of_the_features_fits_the_schema(int rowsAnswered, int atLeast)
    {
        await using var site = await TestDatabase.CreateAsync();
        var recorder = new SqlServerRecorder(rowsAnswered);
        var layer = site.Services.GetRequiredService<IChannelLayer>();
        using var rights = new AdminRights(recorder, layer);
        var commands = site.Services.GetRequiredService<CommandLimit>();
        var roomOptions = Options.Create(new RoomOptions());
        using var joined = new JoinedRooms(recorder);
        await joined.StartAsync(default);
        using var visibleRooms = new VisibleRooms(recorder);
        await visibleRooms.StartAsync(default);
        using var mentionCounts = new MentionCounts(recorder);
        await mentionCounts.StartAsync(default);
        using var threadCounts = new ThreadCounts(recorder);
        await threadCounts.StartAsync(default);
        using var unreadReplies = new UnreadReplies(recorder);
        await unreadReplies.StartAsync(default);
        var threadFollows = new ThreadFollows(recorder, new PushOutbox(), layer, commands, TimeProvider.System);
        using var memberChecks = new MemberChecks(recorder);
        await memberChecks.StartAsync(default);
        using var authors = new Authors(recorder);
        await authors.StartAsync(default);
        var rooms = new RoomDirectory(recorder, joined, visibleRooms, rights, commands, roomOptions, layer, TimeProvider.System);
        var outbox = new PushOutbox();
        var owners = new RoomOwners(recorder, rooms, outbox, commands, layer, TimeProvider.System);
        var roomSettings = new RoomSettings(recorder, rooms, commands, layer, TimeProvider.System);
        var attachmentStore = site.Services.GetRequiredService<IAttachmentStore>();
        var cleaner = new AttachmentCleaner(recorder, attachmentStore, NullLogger<AttachmentCleaner>.Instance);
        var directRooms = new DirectRooms(recorder, commands, roomOptions, layer, TimeProvider.System);
        using var follower = new RoomSearchFollower(recorder, TimeProvider.System, NullLogger<RoomSearchFollower>.Instance);
        var search = new RoomSearch(recorder, commands, TimeProvider.System);
        using var writer = new MessageWriter(
            recorder, layer, site.Services.GetRequiredService<RoomActivity>(), site.Services.GetRequiredService<ThreadActivity>(), directRooms, outbox, follower, new LinkFinder(Options.Create(new LinkPreviewOptions()), site.Services.GetRequiredService<BlazorChat.Common.Sites.CurrentSite>(), new ConfigurationBuilder().Build()), site.Services.GetRequiredService<LinkRequests>(), cleaner, site.Presence, TimeProvider.System);
        using var removal = new RoomRemoval(recorder, cleaner, TimeProvider.System, NullLogger<RoomRemoval>.Instance);
        var roomLifecycle = new RoomLifecycle(recorder, rooms, removal, outbox, commands, layer, TimeProvider.System);
        await writer.StartAsync(default);
        using var marks = new ReadMarks(recorder, outbox, layer, TimeProvider.System);
        await marks.StartAsync(default);
        using var reminderCounts = new ReminderCounts(recorder);
        await reminderCounts.StartAsync(default);
        using var reminderSchedule = new ReminderSchedule(recorder, outbox, layer, TimeProvider.System, NullLogger<ReminderSchedule>.Instance);
        var reminders = new MessageReminders(recorder, reminderSchedule, outbox, commands, layer, TimeProvider.System);
        using var scheduledCounts = new ScheduledCounts(recorder);
        await scheduledCounts.StartAsync(default);
        var scheduledSender = new ScheduledSender(recorder, writer, layer, TimeProvider.System, NullLogger<ScheduledSender>.Instance);
        var scheduled = new ScheduledMessages(recorder, scheduledSender, commands, layer, TimeProvider.System);
        var conversation = new Conversation(
            recorder,
            writer,
            marks,
            commands,
            site.Services.GetRequiredService<FeedHost<MessageChanged>>(),
            site.Services.GetRequiredService<RoomAccess>(),
            memberChecks,
            rights,
            authors,
            site.Services.GetRequiredService<HybridCache>(),
            layer,
            TimeProvider.System);
        var preferences = new RoomPreferences(recorder, commands, outbox, layer, TimeProvider.System);
        var unread = new UnreadRooms(recorder, rooms, marks, commands, roomOptions);
        using var liveblogFollower = new LiveblogSearchFollower(recorder, TimeProvider.System, NullLogger<LiveblogSearchFollower>.Instance);
        var liveblogSearch = new LiveblogSearch(recorder, commands);
        var liveblogWriter = new LiveblogWriter(recorder, liveblogFollower, commands, layer);
        var liveblogFiles = new LiveblogAttachments(recorder, liveblogWriter);
        var avatarOwner = new AvatarOwner(recorder, cleaner, layer);
        var attachmentOwners = new AttachmentOwners([new RoomAttachments(rooms, writer, recorder), liveblogFiles, avatarOwner]);
        var memory = site.Services.GetRequiredService<DecodingMemory>();
        var thumbnails = new ThumbnailMaker(recorder, attachmentStore, attachmentOwners, memory, layer, TimeProvider.System, NullLogger<ThumbnailMaker>.Instance);
        var attachmentOptions = Options.Create(new AttachmentOptions { MaxInAll = 1_000_000, MinFreeSpace = 0 });
        var quota = new UploadQuota(
            site.DataFolder, new DriveFreeSpace(), attachmentOptions, TimeProvider.System, NullLogger<UploadQuota>.Instance);
        var metadata = new FileCleaner(attachmentStore, memory);
        var uploads = new AttachmentUploads(
            recorder, attachmentStore, attachmentOwners, metadata, quota, cleaner, thumbnails, attachmentOptions, site.Services.GetRequiredService<BlazorChat.Common.Sites.CurrentSite>(), TimeProvider.System);
        var avatars = new AvatarStore(recorder, uploads, cleaner, layer);
        var files = new AttachmentFiles(recorder, attachmentStore, attachmentOwners);
        using var upkeep = new AttachmentUpkeep(
            recorder, attachmentStore, attachmentOwners, cleaner, thumbnails, attachmentOptions, TimeProvider.System, NullLogger<AttachmentUpkeep>.Instance);
        var hash = new byte[Attachment.HashLength];
        var attachment = new Attachment { Id = Guid.NewGuid(), PostId = 1, Name = "x", ContentType = FileType.Png, Hash = hash };
        var picture = $"![x](attachment:{attachment.Id})";
        var feed = new RoomFeed(recorder);
        var liveblogs = new LiveblogDirectory(recorder);
        var lifecycle = new LiveblogLifecycle(recorder, liveblogWriter, commands, layer, TimeProvider.System);
        var posts = new LiveblogPosts(recorder, site.Services.GetRequiredService<FeedHost<LiveblogChanged>>());
        var editing = new PostEditing(recorder, liveblogWriter, cleaner, TimeProvider.System);
        var publisher = new DraftPublisher(recorder, liveblogWriter, editing, TimeProvider.System, NullLogger<DraftPublisher>.Instance);
        var drafts = new LiveblogDrafts(recorder, liveblogWriter, publisher, TimeProvider.System);
        var editors = new LiveblogEditors(recorder, commands, liveblogWriter, TimeProvider.System);
        var zoe = TestDatabase.SignIn(2, "Zoe");
        using var calls = new CallDispatcher(
            recorder, outbox, site.Presence, Options.Create(new OutboxOptions()), TimeProvider.System, NullLogger<CallDispatcher>.Instance);
        using var deliveryResults = new DeliveryResults(recorder, TimeProvider.System, NullLogger<DeliveryResults>.Instance);
        await deliveryResults.StartAsync(default);
        using var deliveries = new DeliveryDispatcher(
            recorder,
            outbox,
            new DeliveryPlanner(recorder, joined, threadCounts, site.Presence, TimeProvider.System),
            null!,
            deliveryResults,
            new PushThrottle(TimeProvider.System),
            TimeProvider.System,
            NullLogger<DeliveryDispatcher>.Instance);
        DeliveryResult Result(PushOutcome outcome) => new(
            new BlazorChat.Data.Entities.Notifications.PushDelivery { Host = "push.example.org", ExpiresAt = DateTime.MaxValue },
            new DeliveryPlan(null, 1),
            new PushResult(outcome));
        var liveblogFeed = new LiveblogFeed(recorder);
        var liveblogCache = new LiveblogCache(recorder, new BlazorChat.Common.Sites.CurrentSite());
        var confirmations = new Confirmations(recorder, Options.Create(new AccountOptions()), TimeProvider.System);
        var invitations = new Invitations(recorder, rights, TimeProvider.System);
        var ada = TestDatabase.SignIn(1, "Ada");
        var anonymous = new ClaimsPrincipal(new ClaimsIdentity());
        var members = new RoomMembers(recorder, rooms, outbox, commands, roomOptions, layer, TimeProvider.System);
        var cache = site.Services.GetRequiredService<SessionCache>();
        var sessions = new SessionDirectory(recorder, site.Services.GetRequiredService<ConnectionRegistry>(), cache, layer, TimeProvider.System);
        var store = new SessionStore(recorder, sessions, cache, TimeProvider.System);
        var tickets = new SignInTickets(recorder, TimeProvider.System);
        var key = SessionDirectory.Format(Guid.NewGuid());
        using var keys = new BotKeys(recorder, null!, sessions, cache, TimeProvider.System);
        People People() => new(
            recorder.CreateDbContext(), null!, sessions, rights, Bots(), invitations, TimeProvider.System, NullLogger<People>.Instance);
        var audit = new AuditReader(recorder);
        BotDirectory Bots() => new(recorder.CreateDbContext(), sessions, TimeProvider.System, NullLogger<BotDirectory>.Instance);
        var signIn = new AuthenticationTicket(ada, new AuthenticationProperties(), "test");

        var lookups = new LinkLookups(recorder, Options.Create(new LinkPreviewOptions()), TimeProvider.System);
        var lookup = new LinkLookup { AddressKey = "key" };
        var lease = new LookupLease("key", DateTime.UnixEpoch, 1);
        var preview = new LinkPreview { Id = Guid.NewGuid(), Title = "Title", Site = "Site" };
        var previews = new MessagePreviews(recorder, writer, attachmentStore, rights, commands);

        // Commands go as far as the answers lead them; with none and with one row, every question is asked.
        foreach (var call in new Func<Task>[]
        {
            () => rooms.ListJoinedAsync(ada, default),
            () => rooms.ListVisibleAsync(ada, default),
            () => rooms.ListVisibleAsync(ada, "x", new RoomView(1, "Room", RoomKind.Open, null, 1, 0, null), default),
            () => rooms.FindAsync(ada, 1, default),
            () => rooms.FindListedAsync(ada, 1, default),
            () => authors.ReadAsync([1, 2], default),
            () => owners.NeedsSuccessorAsync(ada, 1, default),
            () => owners.LeaveAsync(ada, 1, 2, default),
            () => owners.ListOwnerlessAsync(ada, 0, default),
            () => owners.FindCandidatesAsync(ada, 1, "x", default),
            () => owners.FindSuccessorsAsync(ada, 1, "x", default),
            () => owners.AssignAsync(ada, 1, 1, default),
            () => owners.AssignAsync(ada, 1, 2, default),
            () => rooms.CreateAsync(ada, "Room", default),
            () => directRooms.OpenAsync(ada, [2], default),
            () => directRooms.FindAsync(ada, [2], default),
            () => directRooms.PublishBeginningAsync(1),
            () => directRooms.ListPeopleAsync(ada, null, default),
            () => directRooms.ListPeopleAsync(ada, 1, default),
            () => ReadOthersAsync(recorder),
            () => rooms.ListVisibleAsync(ada, "", null, isArchived: true, default),
            () => rooms.ListDescribedAsync(ada, default),
            () => rooms.IsDeletedAsync(1, default),
            () => roomSettings.ChangeAsync(ada, 1, new RoomEdit("Room", "Topic", "Description", RoomKind.Private), default),
            () => roomSettings.ChangeAsync(ada, 1, new RoomEdit(Kind: RoomKind.Open), default),
            () => roomLifecycle.ArchiveAsync(ada, 1, default),
            () => roomLifecycle.UnarchiveAsync(ada, 1, default),
            () => roomLifecycle.DeleteAsync(ada, 1, default),
            () => removal.TryLeaseAsync(default),
            () => removal.RemoveBatchAsync(new RoomRemoval.Lease(1, DateTime.UnixEpoch), default),
            () => RoomRemoval.RemoveRowsAsync(recorder.CreateDbContext(), 1, [], default),
            () => owners.SetOwnerAsync(ada, 1, 2, isOwner: true, default),
            () => owners.SetOwnerAsync(ada, 1, 2, isOwner: false, default),
            () => rooms.JoinAsync(ada, 1, default),
            () => owners.LeaveAsync(ada, 1, null, default),
            () => members.ListAsync(ada, 1, default),
            () => members.ListAsync(ada, 1, "x", new MemberView(1, "Ada", MembershipRole.Owner, false), default),
            () => members.FindPeopleAsync(ada, 1, "Z", default),
            () => members.FindPeopleAsync(ada, "Z", default),
            () => members.FindPersonAsync(ada, 2, default),
            () => members.AddAsync(ada, 1, 2, default),
            () => members.RemoveAsync(ada, 1, 2, default),
            () => conversation.SendAsync(ada, 1, Guid.NewGuid(), "x", default),
            () => conversation.SendAsync(ada, 1, Guid.NewGuid(), "x", [Guid.NewGuid()], default),
            () => conversation.EditAsync(ada, 1, 1, "y", default),
            () => conversation.SendAsync(ada, 1, Guid.NewGuid(), "https://example.org/", default),
            () => conversation.EditAsync(ada, 1, 1, "https://example.org/", default),
            () => writer.ApplyAsync(new PreviewChange(1, 1, "key", new PreviewView(preview.Id, "https://example.org/", "Title", "", "Site", 0, 0)), default),
            () => previews.RemoveAsync(ada, 1, 1, null, default),
            () => previews.OpenPictureAsync(ada, preview.Id, default),
            () => lookups.ReadDueAsync(default),
            () => lookups.ReadWaitingAsync("key", default),
            () => lookups.ReadAsync([preview.Id], default),
            () => lookups.IsOverLimitAsync(1, default),
            () => lookups.TryBeginAsync(new DueLink(1, 1, "key", "https://example.org/", 1, null), default),
            () => lookups.TryBeginAsync(new DueLink(1, 1, "key", "https://example.org/", 1, lookup), default),
            () => lookups.FinishAsync(lease, preview, default),
            () => lookups.RetryAsync(lease, TimeSpan.Zero, default),
            () => lookups.DelayAsync(["key"], TimeSpan.Zero, default),
            () => lookups.DelayAsync([1], default),
            () => lookups.SettleAsync(["key"], default),
            () => lookups.SettleAsync(new DueLink(1, 1, "key", "https://example.org/", 1, null), default),
            () => new PreviewSweep(recorder, cleaner, TimeProvider.System, NullLogger<PreviewSweep>.Instance).SweepAsync(default),
            () => writer.ApplyAsync(new ThumbnailChange(1, Guid.NewGuid(), ThumbnailState.Ready), default),
            () => uploads.ReceiveAsync(ada, new Upload(Guid.NewGuid(), AttachmentOwner.Room, 1, "x"), new MemoryStream([1]), default),
            () => uploads.DiscardAsync(ada, Guid.NewGuid(), default),
            () => files.OpenAsync(ada, Guid.NewGuid(), null, default),
            () => thumbnails.MakeAsync(Guid.NewGuid(), default),
            () => upkeep.RequestPendingAsync(TimeSpan.Zero, default),
            () => upkeep.SweepAsync(default),
            () => avatarOwner.FindAudienceAsync(ada, new Attachment { Name = "x", ContentType = "x", Hash = hash, OwnerId = 2, UploaderId = 2 }, default),
            () => avatarOwner.SetThumbnailsAsync(1, Guid.NewGuid(), ThumbnailState.Ready, default),
            () => avatars.FindAsync(ada, default),
            () => avatars.SetAsync(ada, "x", new MemoryStream([1]), 1, default),
            () => avatars.RemoveAsync(ada, default),
            () => conversation.SendAsync(ada, 1, Guid.NewGuid(), "@zoe, see #general", default),
            () => conversation.DeleteAsync(ada, 1, 1, default),
            () => new MentionDirectory(recorder).ListAsync(ada, 2, default),
            () => new MentionDirectory(recorder).ListAsync(ada, 1, 2, default),
            () => mentionCounts.ReadAsync(ada, default),
            () => threadCounts.ReadAsync(ada, default),
            () => scheduledCounts.ReadAsync(ada, default),
            () => reminderCounts.ReadAsync(ada, default),
            () => reminders.RemindAsync(ada, 1, 1, DateTimeOffset.UtcNow.AddDays(1), null, default),
            () => reminders.RemindAsync(ada, Guid.NewGuid(), "x", DateTimeOffset.UtcNow.AddDays(1), null, default),
            () => reminders.SnoozeAsync(ada, 1, DateTimeOffset.UtcNow.AddDays(1), null, default),
            () => reminders.EndAsync(ada, 1, default),
            () => reminders.ListAsync(ada, default),
            () => reminderSchedule.CallDueAsync(default),
            () => scheduled.ScheduleAsync(ada, new NewScheduled(1, Guid.NewGuid(), "x", DateTimeOffset.UtcNow.AddDays(1)) { Attachments = [Guid.NewGuid()], ThreadRoot = 1 }, default),
            () => scheduled.ChangeAsync(ada, Guid.NewGuid(), "x", DateTimeOffset.UtcNow.AddDays(1), null, default),
            () => scheduled.CancelAsync(ada, Guid.NewGuid(), default),
            () => scheduled.SendNowAsync(ada, Guid.NewGuid(), default),
            () => scheduled.FindAsync(ada, Guid.NewGuid(), default),
            () => scheduled.ListAsync(ada, 1, default),
            () => scheduledSender.SendDueAsync(default),
            () => unreadReplies.ReadAsync(ada, new ThreadKey(1, 1), default),
            () => new ThreadDirectory(recorder).ListAsync(ada, (DateTime.UnixEpoch, 1), default),
            () => threadFollows.FollowAsync(ada, 1, 1, default),
            () => threadFollows.MarkReadAsync(ada, 1, 1, 1, default),
            () => threadFollows.UnfollowAsync(ada, 1, 1, default),
            () => memberChecks.IsMemberAsync(ada, 1, default),
            () => new Completion(recorder, rooms, site.Presence, commands).ListPeopleAsync(ada, 1, "z", default),
            () => new Completion(recorder, rooms, site.Presence, commands).ListRoomsAsync(ada, "g", default),
            () => new HandleChange(recorder, commands, layer).ChangeAsync(ada, "ada", default),
            () => HandleAssignment.AssignAsync(recorder.CreateDbContext(), default),
            () => conversation.MarkReadAsync(ada, 1, 1, default),
            () => conversation.MarkUnreadAsync(ada, 1, 1, default),
            () => preferences.SetLevelAsync(ada, 1, RoomLevel.Nothing, default),
            () => preferences.HideAsync(ada, 1, default),
            () => unread.ListAsync(ada, null, default),
            () => unread.MarkAllReadAsync(ada, default),
            () => ReadMarks.SaveAsync(recorder, [new ReadMark(1, 1, 2), new ReadMark(1, 2, 2)], DateTime.UnixEpoch, default),
            () => conversation.TypingAsync(ada, 1, default),
            () => calls.DispatchAsync(default),
            () => Recipients.ReadAsync(recorder.CreateDbContext(), 1, [new CallingMessage(1, 1, DateTime.UnixEpoch, false)], 0, 10, DateTime.UnixEpoch, default),
            () => Recipients.ReadAsync(
                recorder.CreateDbContext(), 1, [new CallingMessage(-7, 1, DateTime.UnixEpoch, false) { Root = 1, Reply = 1 }], 0, 10, DateTime.UnixEpoch, default),
            () => PushOutbox.ReadThreadAsync(recorder.CreateDbContext(), 1, 1, 1, 1, DateTime.UnixEpoch, default),
            () => MissedMessages.ReadAsync(recorder.CreateDbContext(), new NotificationSettings { UserId = 1, MailFrom = DateTime.UnixEpoch }, DateTime.UtcNow, default),
            () => deliveries.StartDueAsync(default),
            () => new DeliveryPlanner(recorder, joined, threadCounts, site.Presence, TimeProvider.System).PlanAsync([1, 2], default),
            () => deliveryResults.StoreAsync(Result(PushOutcome.Accepted), default),
            () => deliveryResults.StoreAsync(Result(PushOutcome.Later), default),
            () => deliveryResults.StoreAsync(Result(PushOutcome.Gone), default),
            () => new DeliverySweep(recorder, TimeProvider.System, NullLogger<DeliverySweep>.Instance).SweepAsync(default),
            () => follower.WriteBatchAsync(default),
            () => liveblogFollower.WriteBatchAsync(default),
            () => liveblogSearch.FindAsync(ada, "word \"two words\"", 7, default),
            () => search.FindAsync(ada, "서울에서 \"we land\" camelCase is:mention before:2026-01-01 after:2025-01-01", null, null, TimeZoneInfo.Utc, default),
            () => search.FindAsync(ada, "from:zoe has:file", 1, new SearchCursor(1, 5), TimeZoneInfo.Utc, default),
            () => search.FindAsync(ada, "in:general in:@zoe word", null, null, TimeZoneInfo.Utc, default),
            () => search.ReadProgressAsync(ada, default),
            () => new TermIndex(recorder.CreateDbContext()).ReplaceAsync(SearchKind.Message, [new SearchEntry(1, "", ["word"])], default),
            () => conversation.ReadLatestAsync(ada, 1, default),
            () => conversation.ReadBeforeAsync(ada, 1, 1, default),
            () => conversation.ReadAfterAsync(ada, 1, 1, default),
            () => feed.ReadAsync(1, 1, default),
            () => feed.ReadRevisionsAsync([1, 2], default),
            () => liveblogs.ListPageAsync(ada, null, default),
            () => liveblogs.ListPageAsync(anonymous, 1, default),
            () => liveblogs.FindAsync(anonymous, "launch", default),
            () => lifecycle.CreateAsync(ada, "Launch", "launch", default),
            () => lifecycle.StartAsync(ada, 1, default),
            () => lifecycle.ArchiveAsync(ada, 1, default),
            () => liveblogs.ListOpenAsync(zoe, 10, default),
            () => liveblogs.IsEditorAsync(zoe, 1, default),
            () => liveblogs.ListPublicAsync(default),
            () => liveblogCache.FindVersionAsync("launch", default),
            () => liveblogCache.FindVersionAsync(null, default),
            () => lifecycle.DescribeAsync(ada, 1, "Title", "", default),
            () => editing.PublishAsync(ada, 1, Guid.NewGuid(), new PostText("Title", "x"), default),
            () => editing.PublishAsync(ada, 1, Guid.NewGuid(), new PostText("Title", picture), default),
            () => editing.EditAsync(ada, 1, 1, 1, new PostText("Title", picture), default),
            () => editing.PreviewAsync(zoe, 1, picture, default),
            () => drafts.SaveAsync(ada, 1, Guid.NewGuid(), new PostText("Title", picture), DateTimeOffset.MaxValue, default),
            () => liveblogFiles.FindAudienceAsync(zoe, attachment, default),
            () => liveblogFiles.CheckUploaderAsync(zoe, 1, default),
            () => liveblogFiles.SetThumbnailsAsync(1, attachment.Id, ThumbnailState.Ready, default),
            () => liveblogFiles.FindWantedAsync([attachment.Id], default),
            () => editing.OpenAsync(ada, 1, 1, default),
            () => editing.EditAsync(ada, 1, 1, 1, new PostText("Title", "y"), default),
            () => editing.PinAsync(ada, 1, 1, true, default),
            () => editing.MarkAsync(ada, 1, 1, true, default),
            () => editing.DeleteAsync(ada, 1, 1, default),
            () => editing.ReadHistoryAsync(ada, 1, 1, default),
            () => drafts.SaveAsync(ada, 1, Guid.NewGuid(), new PostText("Title", "x"), null, default),
            () => drafts.ListAsync(ada, 1, default),
            () => drafts.DeleteAsync(ada, 1, Guid.NewGuid(), default),
            () => publisher.PublishDueAsync(default),
            () => editors.ListAsync(ada, 1, default),
            () => editors.AddAsync(ada, 1, "zoe@example.org", default),
            () => editors.RemoveAsync(ada, 1, 2, default),
            () => posts.ReadAsync(anonymous, 1, null, default),
            () => posts.ReadAsync(anonymous, 1, 7, default),
            () => posts.FindAsync(zoe, 1, 7, default),
            () => liveblogFeed.ReadAsync(1, 1, default),
            () => liveblogFeed.ReadRevisionsAsync([1, 2], default),
            () => invitations.GetCodeAsync(ada, default),
            () => invitations.ResetAsync(ada, default),
            () => invitations.IsValidAsync("code", default),
            () => sessions.ListAsync(ada, default),
            () => sessions.EndOwnAsync(ada, Guid.NewGuid(), default),
            () => sessions.EndOthersAsync(ada, default),
            () => sessions.FindEndedAsync([key, BotSession.Format(1)], default),
            () => sessions.TouchAsync([key, BotSession.Format(1)], default),
            () => sessions.SweepAsync(default),
            () => store.StoreAsync(signIn),
            () => store.RenewAsync(key, signIn),
            () => store.RetrieveAsync(SessionDirectory.Format(Guid.NewGuid())),
            () => tickets.CreateAsync(key, default),
            () => tickets.RedeemAsync("ticket", default),
            () => Bots().ListAsync(ada, default),
            () => Bots().ListRoomsAsync(ada, default),
            () => Bots().CreateAsync(ada, "Bot", [2], default),
            () => Bots().CreateKeyAsync(ada, 1, default),
            () => Bots().RevokeAsync(ada, 1, default),
            () => Bots().RemoveAsync(ada, 1, default),
            () => keys.FindAsync(BotKeys.Create(), default),
            () => audit.ReadAsync(ada, new AuditFilter("a", BlazorChat.Data.Entities.Accounts.AuditAction.BotCreated, DateTime.UnixEpoch, DateTime.UnixEpoch), 0, 50, default),
            () => audit.ExportAsync(ada, new AuditFilter(), default),
            () => People().ListAsync(ada, 0, default),
            () => People().AskBanAsync(ada, 2, default),
            () => People().BanAsync(ada, 2, true, true, default),
            () => People().UnbanAsync(ada, 2, default),
            () => Bots().RevokeMadeByAsync(ada, 2, default),
            () => rights.IsAdminAsync(zoe, default).AsTask(),
            () => confirmations.IsConfirmedAsync(ada, false, default),
            () => confirmations.ConfirmAsync(ada, default),
        })
        {
            var before = recorder.Commands.Count;
            await Record.ExceptionAsync(call);
            // A loop that an answer does not end would ask for ever.
            Assert.InRange(recorder.Commands.Count - before, 0, MaxCommandsOfCall);
        }

        // They grow with the features; a loop is found by its call.
        Check(recorder, atLeast, atMost: 600);
    }

    [Fact]
    public async Task Every_entity_of_ours_can_be_inserted()
    {
        var recorder = new SqlServerRecorder(rows: 1);
        var types = recorder.CreateDbContext().Model.GetEntityTypes()
            .Where(type => type.ClrType.Namespace == typeof(Room).Namespace)
            .ToArray();
        foreach (var type in types)
        {
            await using var db = recorder.CreateDbContext();
            var entity = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type.ClrType);
            foreach (var property in type.GetProperties().Where(property => !property.IsNullable && property.PropertyInfo is not null))
            {
                if (property.ClrType == typeof(string))
                    property.PropertyInfo!.SetValue(entity, "x");
                else if (property.ClrType == typeof(byte[]))
                    property.PropertyInfo!.SetValue(entity, new byte[] { 1 });
                else if (property.ClrType == typeof(int) && property.ValueGenerated == Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never)
                    property.PropertyInfo!.SetValue(entity, 1);
                else if (property.ClrType == typeof(long) && property.ValueGenerated == Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never)
                    property.PropertyInfo!.SetValue(entity, 1L);
            }

            await Record.ExceptionAsync(async () =>
            {
                db.Add(entity);
                await db.SaveChangesAsync();
            });
        }

        foreach (var table in types.Select(type => type.GetTableName()))
            Assert.Contains(recorder.Commands, command => command.Sql.Contains($"INSERT INTO [{table}]", StringComparison.Ordinal));
        Check(recorder, atLeast: types.Length);
    }

    private static async Task ReadOthersAsync(SqlServerRecorder recorder)
    {
        await using var db = recorder.CreateDbContext();
        await DirectPeople.ReadOthersAsync(db, db.Memberships.Where(membership => membership.UserId == 1), default);
    }

    private static void Check(SqlServerRecorder recorder, int atLeast, int atMost = 400)
    {
        Assert.InRange(recorder.Commands.Count, atLeast, atMost);
        var model = CreateModel();
        foreach (var (index, (sql, parameters)) in recorder.Commands.Index())
        {
            Parse(sql);
            var declared = string.Concat(parameters.Select(p => $"DECLARE @{p.TrimStart('@')} sql_variant;\n"));
            model.AddObjects($"CREATE PROCEDURE [Query{index}] AS BEGIN\n{declared}{sql}\nEND");
        }

        Assert.Empty(Errors(model));
    }

    private static TSqlModel CreateModel()
    {
        using var db = MigrationTests.Create<SqlServerChatDbContext>();
        var model = new TSqlModel(SqlServerVersion.Sql160, new TSqlModelOptions());
        var script = Parse(db.Database.GenerateCreateScript());
        foreach (var batch in script.Batches)
            model.AddObjects(string.Concat(batch.ScriptTokenStream.Skip(batch.FirstTokenIndex).Take(batch.LastTokenIndex - batch.FirstTokenIndex + 1).Select(token => token.Text)));
        return model;
    }

    private static TSqlScript Parse(string sql)
    {
        var script = (TSqlScript)new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out var errors);
        Assert.Empty(errors.Select(error => $"{error.Line}: {error.Message}\n{sql}"));
        return script;
    }

    private static IEnumerable<string> Errors(TSqlModel model) => model.Validate()
        .Where(message => message.MessageType == Microsoft.SqlServer.Dac.DacMessageType.Error || message.Message.Contains("unresolved", StringComparison.OrdinalIgnoreCase))
        .Select(message => message.Message);
}
