using BlazorChat.Common.Names;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Bots;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Data.Search;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlazorChat.Data;

/// <summary>
/// The model, the same on every provider. <see cref="Sqlite.SqliteChatDbContext"/> and
/// <see cref="SqlServer.SqlServerChatDbContext"/> derive from it so that each has migrations of its own.
/// </summary>
public abstract class ChatDbContext(DbContextOptions options)
    : IdentityDbContext<ChatUser, IdentityRole<int>, int>(options), IDataProtectionKeyContext
{
    private static readonly string OpenRooms = $"{nameof(Room.Kind)} = {(int)RoomKind.Open}";
    private static readonly string ListedRooms = $"{nameof(Room.Kind)} <> {(int)RoomKind.Direct}";
    private static readonly string RescopedSources = $"{nameof(SearchPosition.RescopedUntil)} IS NOT NULL";
    private static readonly string DirectRooms = $"{nameof(Room.PeopleKey)} IS NOT NULL";
    private static readonly string EndingPolls = $"{nameof(Poll.EndsAt)} IS NOT NULL AND {nameof(Poll.EndedAt)} IS NULL";
    private static readonly string OfMessages = $"{nameof(Reminder.MessageId)} IS NOT NULL";
    private static readonly string Replies = $"{nameof(Message.ThreadRoot)} IS NOT NULL";

    public DbSet<Room> Rooms => Set<Room>();

    public DbSet<RoomDeletion> RoomDeletions => Set<RoomDeletion>();

    public DbSet<Membership> Memberships => Set<Membership>();

    public DbSet<Message> Messages => Set<Message>();

    public DbSet<MessageVersion> MessageVersions => Set<MessageVersion>();

    public DbSet<MessageThread> Threads => Set<MessageThread>();

    public DbSet<ThreadFollow> ThreadFollows => Set<ThreadFollow>();

    public DbSet<Mention> Mentions => Set<Mention>();

    public DbSet<MessagePin> Pins => Set<MessagePin>();

    public DbSet<SavedMessage> SavedMessages => Set<SavedMessage>();

    public DbSet<Reminder> Reminders => Set<Reminder>();

    public DbSet<MessageReport> MessageReports => Set<MessageReport>();

    public DbSet<ScheduledMessage> ScheduledMessages => Set<ScheduledMessage>();

    public DbSet<ScheduledFile> ScheduledFiles => Set<ScheduledFile>();

    public DbSet<Reaction> Reactions => Set<Reaction>();

    public DbSet<Poll> Polls => Set<Poll>();

    public DbSet<PollOption> PollOptions => Set<PollOption>();

    public DbSet<PollVote> PollVotes => Set<PollVote>();

    public DbSet<BotCommand> BotCommands => Set<BotCommand>();

    public DbSet<BotCall> BotCalls => Set<BotCall>();

    public DbSet<MessageLink> MessageLinks => Set<MessageLink>();

    public DbSet<LinkLookup> LinkLookups => Set<LinkLookup>();

    public DbSet<LinkPreview> LinkPreviews => Set<LinkPreview>();

    public DbSet<NotificationSettings> NotificationSettings => Set<NotificationSettings>();

    public DbSet<OutgoingMail> OutgoingMails => Set<OutgoingMail>();

    public DbSet<PushDevice> PushDevices => Set<PushDevice>();

    public DbSet<MessageNotification> MessageNotifications => Set<MessageNotification>();

    public DbSet<PushDelivery> PushDeliveries => Set<PushDelivery>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<UserSession> UserSessions => Set<UserSession>();

    public DbSet<SignInTicket> SignInTickets => Set<SignInTicket>();

    public DbSet<BotKey> BotKeys => Set<BotKey>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<Liveblog> Liveblogs => Set<Liveblog>();

    public DbSet<LiveblogPost> LiveblogPosts => Set<LiveblogPost>();

    public DbSet<LiveblogPostVersion> LiveblogPostVersions => Set<LiveblogPostVersion>();

    public DbSet<LiveblogDraft> LiveblogDrafts => Set<LiveblogDraft>();

    public DbSet<LiveblogEditorship> LiveblogEditors => Set<LiveblogEditorship>();

    public DbSet<CustomEmoji> CustomEmoji => Set<CustomEmoji>();

    public DbSet<SiteSettings> SiteSettings => Set<SiteSettings>();

    public DbSet<Attachment> Attachments => Set<Attachment>();

    public DbSet<Secret> Secrets => Set<Secret>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<CommitMark> CommitMarks => Set<CommitMark>();

    public DbSet<SearchPosition> SearchPositions => Set<SearchPosition>();

    public DbSet<IndexedTerm> IndexedTerms => Set<IndexedTerm>();

    /// <summary>The index of words in this database.</summary>
    internal abstract ISearchIndex SearchIndex { get; }

    /// <summary>Waits until this process may begin a writing transaction; null when the database queues transactions itself.</summary>
    internal virtual ValueTask<IDisposable?> AcquireWriteLockAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IDisposable?>(null);

    /// <summary>Inserts rows in the current transaction, and leaves nothing tracked.</summary>
    internal virtual async Task InsertAsync<TEntity>(IReadOnlyList<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class
    {
        AddRange(rows);
        await SaveChangesAsync(cancellationToken);
        ChangeTracker.Clear();
    }

    /// <summary>Saves exactly once, even when the connection is lost during the commit.</summary>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var strategy = Database.CreateExecutionStrategy();
        return !strategy.RetriesOnFailure || Database.CurrentTransaction is not null || !ChangeTracker.HasChanges()
            ? base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken)
            : SaveOnceAsync(strategy, acceptAllChangesOnSuccess, cancellationToken);
    }

    internal EntityEntry<CommitMark> AddMark() => Add(new CommitMark { Id = Guid.NewGuid(), CommittedAt = TimeProvider.System.GetUtcNow().UtcDateTime });

    /// <summary>Whether the transaction of this mark was committed. Waits for one that is still committing.</summary>
    internal Task<bool> IsCommittedAsync(CommitMark mark, CancellationToken cancellationToken)
    {
        var id = mark.Id;
        // A snapshot would not show the row of a connection whose end the server has not noticed yet.
        var marks = Database.IsSqlServer()
            ? CommitMarks.FromSql($"SELECT * FROM [CommitMarks] WITH (READCOMMITTEDLOCK)")
            : CommitMarks;
        return marks.AsNoTracking().AnyAsync(known => known.Id == id, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        builder.Entity<ChatUser>(user =>
        {
            user.Property(u => u.DisplayName).HasMaxLength(ChatUser.MaxDisplayNameLength);
            user.Property(u => u.SearchName).HasMaxLength(NameForms.MaxLength);
            user.Property(u => u.NameKey).HasMaxLength(NameForms.MaxLength);
            user.Property(u => u.NameShape).HasMaxLength(NameForms.MaxLength);
            user.Property(u => u.StatusEmoji).HasMaxLength(ChatUser.MaxStatusEmojiLength);
            user.Property(u => u.StatusText).HasMaxLength(ChatUser.MaxStatusLength);
            user.Property(u => u.Language).HasMaxLength(ChatUser.MaxLanguageLength);
            user.Property(u => u.SeenLanguage).HasMaxLength(ChatUser.MaxLanguageLength);
            user.HasIndex(u => u.NameKey).IsUnique();
            user.HasIndex(u => u.NameShape).IsUnique();
            user.Property(u => u.Handle).HasMaxLength(HandleText.MaxStoredLength);
            user.Property(u => u.HandleShape).HasMaxLength(NameForms.MaxLength);
            user.HasIndex(u => u.Handle).IsUnique();
            user.HasIndex(u => u.HandleShape).IsUnique();
            user.HasMany(u => u.Roles).WithOne().HasForeignKey(role => role.UserId).IsRequired();
        });
        // Identity writes all columns of a user, with the values that it read before. These change by statements of their own.
        builder.Entity<ChatUser>().Property(user => user.AvatarId).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<ChatUser>().Property(user => user.Handle).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<ChatUser>().Property(user => user.StatusEmoji).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<ChatUser>().Property(user => user.StatusText).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<ChatUser>().Property(user => user.StatusUntil).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<ChatUser>().Property(user => user.Language).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<ChatUser>().Property(user => user.SeenLanguage).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<ChatUser>().Property(user => user.HandleShape).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);

        builder.Entity<Room>(room =>
        {
            room.Property(r => r.Name).HasMaxLength(Room.MaxNameLength);
            room.Property(r => r.NormalizedName).HasMaxLength(Room.MaxNameLength);
            room.Property(r => r.SearchName).HasMaxLength(NameForms.MaxLength);
            room.Property(r => r.NameKey).HasMaxLength(NameForms.MaxLength);
            room.Property(r => r.NameShape).HasMaxLength(NameForms.MaxLength);
            room.Property(r => r.LinkKey).HasMaxLength(NameForms.MaxLength);
            room.Property(r => r.Topic).HasMaxLength(Room.MaxTopicLength);
            room.Property(r => r.Description).HasMaxLength(Room.MaxDescriptionLength);
            room.Property(r => r.PeopleKey).HasMaxLength(Room.MaxPeopleKeyLength);
            // A query uses this index when it has the same condition, so that lists of rooms do not read all direct ones.
            room.HasIndex(r => r.NormalizedName).HasFilter(ListedRooms);
            room.HasIndex(r => r.PeopleKey).IsUnique().HasFilter(DirectRooms);
            room.HasIndex(r => r.LinkKey);
            // Names of private rooms are not unique: a refusal would reveal that the room exists.
            room.HasIndex(r => r.NameKey).IsUnique().HasFilter(OpenRooms);
            room.HasIndex(r => r.NameShape).IsUnique().HasFilter(OpenRooms);
        });

        builder.Entity<RoomDeletion>(deletion =>
        {
            deletion.HasKey(d => d.RoomId);
            deletion.HasOne(d => d.Room).WithOne().HasForeignKey<RoomDeletion>(d => d.RoomId);
        });

        builder.Entity<Membership>(membership =>
        {
            membership.HasKey(m => new { m.RoomId, m.UserId });
            membership.HasIndex(m => m.UserId);
        });

        builder.Entity<Message>(message =>
        {
            message.HasIndex(m => new { m.RoomId, m.Sequence }).IsUnique();
            message.HasIndex(m => new { m.RoomId, m.Revision }).IsUnique();
            message.HasIndex(m => new { m.AuthorId, m.ClientMessageId }).IsUnique();
            message.HasIndex(m => new { m.RoomId, m.ThreadRoot, m.ReplyNumber }).IsUnique().HasFilter(Replies);
            message.HasOne(m => m.Author).WithMany().OnDelete(DeleteBehavior.Restrict);
            message.HasOne(m => m.Thread).WithOne(t => t.Root).HasForeignKey<MessageThread>(t => t.RootId);
        });

        builder.Entity<MessageVersion>().HasKey(version => new { version.MessageId, version.Revision });

        builder.Entity<MessageThread>(thread =>
        {
            thread.HasKey(t => t.RootId);
            thread.Property(t => t.RootId).ValueGeneratedNever();
            thread.Property(t => t.Repliers).HasMaxLength(MessageThread.MaxRepliersLength);
            thread.HasIndex(t => new { t.RoomId, t.RootSequence }).IsUnique();
        });

        builder.Entity<ThreadFollow>(follow =>
        {
            follow.HasKey(f => new { f.RootId, f.UserId });
            follow.HasIndex(f => f.UserId);
            follow.HasOne(f => f.Thread).WithMany().HasForeignKey(f => f.RootId);
        });

        builder.Entity<Mention>(mention =>
        {
            mention.HasIndex(m => new { m.RoomId, m.Sequence });
            // With the key that each index has, it is also the order of a person's list.
            mention.HasIndex(m => m.UserId);
            mention.HasOne(m => m.User).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<Reaction>(reaction =>
        {
            reaction.Property(r => r.Emoji).HasMaxLength(Reaction.MaxEmojiLength);
            // The person before the emoji: a page asks which of the reactions are its reader's.
            reaction.HasIndex(r => new { r.RoomId, r.Sequence, r.UserId, r.Emoji }).IsUnique();
            reaction.HasOne(r => r.User).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<MessagePin>(pin =>
        {
            pin.HasKey(p => p.MessageId);
            pin.Property(p => p.MessageId).ValueGeneratedNever();
            pin.HasIndex(p => p.RoomId);
            pin.HasOne(p => p.Message).WithOne(m => m.Pin).HasForeignKey<MessagePin>(p => p.MessageId);
            pin.HasOne(p => p.User).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<Poll>(poll =>
        {
            poll.HasKey(p => p.MessageId);
            poll.Property(p => p.MessageId).ValueGeneratedNever();
            poll.HasIndex(p => p.EndsAt).HasFilter(EndingPolls);
            poll.HasOne(p => p.Message).WithOne(m => m.Poll).HasForeignKey<Poll>(p => p.MessageId);
        });

        builder.Entity<PollOption>(option =>
        {
            option.HasKey(o => new { o.MessageId, o.Number });
            option.Property(o => o.Text).HasMaxLength(PollOption.MaxLength);
            option.HasOne(o => o.Poll).WithMany(p => p.Options).HasForeignKey(o => o.MessageId);
        });

        builder.Entity<PollVote>(vote =>
        {
            vote.HasIndex(v => new { v.MessageId, v.UserId, v.Number }).IsUnique();
            vote.HasOne(v => v.Option).WithMany().HasForeignKey(v => new { v.MessageId, v.Number });
            vote.HasOne(v => v.User).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<BotCommand>(command =>
        {
            command.HasKey(c => c.Name);
            command.Property(c => c.Name).HasMaxLength(BotCommand.MaxNameLength);
            command.Property(c => c.Usage).HasMaxLength(BotCommand.MaxUsageLength);
            command.Property(c => c.Hint).HasMaxLength(BotCommand.MaxHintLength);
            command.HasIndex(c => c.BotId);
            command.HasOne(c => c.Bot).WithMany();
        });

        builder.Entity<BotCall>(call =>
        {
            call.Property(c => c.Name).HasMaxLength(BotCommand.MaxNameLength);
            call.HasIndex(c => c.BotId);
            call.HasIndex(c => c.CalledAt);
            call.HasIndex(c => new { c.UserId, c.ClientCallId }).IsUnique();
            call.HasOne(c => c.Bot).WithMany().OnDelete(DeleteBehavior.Restrict);
            call.HasOne(c => c.User).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<MessageLink>(link =>
        {
            link.HasKey(l => new { l.RoomId, l.Sequence, l.AddressKey });
            link.Property(l => l.AddressKey).HasMaxLength(MessageLink.KeyLength);
            link.Property(l => l.Address).HasMaxLength(MessageLink.MaxAddressLength);
            link.HasIndex(l => l.DueAt);
            link.HasIndex(l => new { l.AddressKey, l.DueAt });
            link.HasIndex(l => l.PreviewId);
        });

        builder.Entity<LinkLookup>(lookup =>
        {
            lookup.HasKey(l => l.AddressKey);
            lookup.Property(l => l.AddressKey).HasMaxLength(MessageLink.KeyLength);
            lookup.HasIndex(l => new { l.RequestedById, l.BegunAt });
            lookup.HasIndex(l => l.ExpiresAt);
            lookup.HasIndex(l => l.PreviewId);
        });

        builder.Entity<LinkPreview>(preview =>
        {
            preview.Property(p => p.Id).ValueGeneratedNever();
            preview.Property(p => p.Title).HasMaxLength(LinkPreview.MaxTitleLength);
            preview.Property(p => p.Text).HasMaxLength(LinkPreview.MaxTextLength);
            preview.Property(p => p.Site).HasMaxLength(LinkPreview.MaxSiteLength);
            preview.Property(p => p.PictureHash).HasMaxLength(Attachment.HashLength);
            preview.HasIndex(p => p.PictureHash);
            preview.HasIndex(p => p.CreatedAt);
        });

        builder.Entity<SavedMessage>().HasIndex(saved => new { saved.UserId, saved.MessageId }).IsUnique();

        builder.Entity<Reminder>(reminder =>
        {
            reminder.Property(r => r.Text).HasMaxLength(Reminder.MaxTextLength);
            reminder.Property(r => r.TimeZone).HasMaxLength(Reminder.MaxTimeZoneLength);
            reminder.HasIndex(r => new { r.UserId, r.ClientId }).IsUnique();
            reminder.HasIndex(r => new { r.UserId, r.MessageId }).IsUnique().HasFilter(OfMessages);
            reminder.HasIndex(r => new { r.IsDue, r.DueAt });
            reminder.HasOne(r => r.Message).WithMany().HasForeignKey(r => r.MessageId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<MessageReport>(report =>
        {
            report.Property(r => r.Note).HasMaxLength(MessageReport.MaxNoteLength);
            report.HasIndex(r => new { r.MessageId, r.ReporterId }).IsUnique();
            report.HasIndex(r => new { r.ResolvedAt, r.Id });
        });

        builder.Entity<ScheduledMessage>(scheduled =>
        {
            scheduled.HasKey(s => new { s.AuthorId, s.ClientMessageId });
            scheduled.Property(s => s.TimeZone).HasMaxLength(ScheduledMessage.MaxTimeZoneLength);
            scheduled.HasIndex(s => s.NextAttemptAt);
            scheduled.HasMany(s => s.Files).WithOne().HasForeignKey(file => new { file.AuthorId, file.ClientMessageId });
        });

        builder.Entity<ScheduledFile>(file =>
        {
            file.HasKey(f => f.AttachmentId);
            file.Property(f => f.AttachmentId).ValueGeneratedNever();
            file.HasOne(f => f.Attachment).WithOne().HasForeignKey<ScheduledFile>(f => f.AttachmentId);
        });

        builder.Entity<NotificationSettings>(settings =>
        {
            settings.HasKey(s => s.UserId);
            settings.Property(s => s.QuietTimeZone).HasMaxLength(Entities.Notifications.NotificationSettings.MaxTimeZoneLength);
            settings.Property(s => s.TimeZone).HasMaxLength(Entities.Notifications.NotificationSettings.MaxTimeZoneLength);
            settings.HasOne(s => s.User).WithOne().HasForeignKey<NotificationSettings>(s => s.UserId);
        });

        builder.Entity<OutgoingMail>(mail =>
        {
            mail.Property(m => m.Id).ValueGeneratedNever();
            mail.Property(m => m.To).HasMaxLength(OutgoingMail.MaxAddressLength);
            mail.Property(m => m.Subject).HasMaxLength(OutgoingMail.MaxSubjectLength);
            mail.HasIndex(m => m.DueAt);
        });

        builder.Entity<PushDevice>(device =>
        {
            device.Property(d => d.Id).ValueGeneratedNever();
            device.Property(d => d.Endpoint).HasMaxLength(PushDevice.MaxEndpointLength);
            device.Property(d => d.EndpointHash).HasMaxLength(PushDevice.EndpointHashLength);
            device.Property(d => d.PublicKey).HasMaxLength(PushDevice.PublicKeyLength);
            device.Property(d => d.AuthSecret).HasMaxLength(PushDevice.AuthSecretLength);
            device.HasIndex(d => d.EndpointHash).IsUnique();
            device.HasIndex(d => d.UserId);
            // A session belongs to its person, so deleting the person deletes the device with it.
            device.HasOne(d => d.Session).WithMany().HasForeignKey(d => d.SessionId);
        });

        builder.Entity<PushDelivery>(delivery =>
        {
            delivery.Property(d => d.Host).HasMaxLength(PushDelivery.MaxHostLength);
            delivery.HasIndex(d => new { d.DeviceId, d.RoomId, d.Sequence }).IsUnique();
            // One index finds what a person has read, the other one who was called by a message.
            delivery.HasIndex(d => new { d.UserId, d.RoomId, d.Sequence });
            delivery.HasIndex(d => new { d.RoomId, d.Sequence, d.UserId });
            delivery.HasIndex(d => d.DueAt);
            delivery.HasIndex(d => d.ExpiresAt);
        });

        builder.Entity<Invitation>(invitation =>
        {
            invitation.Property(i => i.Code).HasMaxLength(64);
            invitation.HasIndex(i => i.Code).IsUnique();
            invitation.HasOne(i => i.CreatedBy).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<AuditEntry>(entry =>
        {
            entry.Property(e => e.ActorName).HasMaxLength(ChatUser.MaxDisplayNameLength);
            entry.Property(e => e.Device).HasMaxLength(UserSession.MaxDeviceLength);
            entry.Property(e => e.Subject).HasMaxLength(AuditEntry.MaxSubjectLength);
            entry.Property(e => e.SearchText).HasMaxLength(AuditEntry.MaxSearchLength);
            entry.HasIndex(e => e.At);
        });

        builder.Entity<UserSession>(session =>
        {
            session.Property(s => s.Id).ValueGeneratedNever();
            session.Property(s => s.Device).HasMaxLength(UserSession.MaxDeviceLength);
            session.HasIndex(s => s.UserId);
            session.HasIndex(s => s.ExpiresAt);
        });

        builder.Entity<SignInTicket>(ticket =>
        {
            ticket.HasKey(t => t.Hash);
            ticket.Property(t => t.Hash).HasMaxLength(32);
            ticket.HasOne(t => t.Session).WithMany().HasForeignKey(t => t.SessionId);
        });

        builder.Entity<BotKey>(key =>
        {
            key.Property(k => k.Hash).HasMaxLength(32);
            key.Property(k => k.Ending).HasMaxLength(8);
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasOne(k => k.Bot).WithMany();
            key.HasOne(k => k.CreatedBy).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<Secret>(secret =>
        {
            secret.HasKey(s => s.Name);
            secret.Property(s => s.Name).HasMaxLength(Secret.MaxNameLength);
            secret.Property(s => s.Value).HasMaxLength(Secret.Length);
        });

        builder.Entity<Liveblog>(liveblog =>
        {
            liveblog.Property(l => l.Slug).HasMaxLength(Liveblog.MaxSlugLength);
            liveblog.Property(l => l.Title).HasMaxLength(Liveblog.MaxTitleLength);
            liveblog.Property(l => l.Standfirst).HasMaxLength(Liveblog.MaxStandfirstLength);
            liveblog.HasIndex(l => l.Slug).IsUnique();
            liveblog.HasOne(l => l.CreatedBy).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<LiveblogPost>(post =>
        {
            post.Property(p => p.Title).HasMaxLength(LiveblogPost.MaxTitleLength);
            post.HasIndex(p => new { p.LiveblogId, p.Revision }).IsUnique();
            post.HasIndex(p => new { p.LiveblogId, p.Id });
            post.HasIndex(p => p.DraftId).IsUnique();
            post.HasOne(p => p.Author).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<LiveblogPostVersion>(version =>
        {
            version.HasKey(v => new { v.PostId, v.Number });
            version.Property(v => v.Title).HasMaxLength(LiveblogPost.MaxTitleLength);
            version.HasOne(v => v.WrittenBy).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<LiveblogDraft>(draft =>
        {
            draft.Property(d => d.Id).ValueGeneratedNever();
            draft.Property(d => d.Title).HasMaxLength(LiveblogPost.MaxTitleLength);
            draft.HasIndex(d => d.LiveblogId);
            draft.HasIndex(d => d.ScheduledFor);
            draft.HasOne(d => d.Author).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<LiveblogEditorship>(editor =>
        {
            editor.HasKey(e => new { e.LiveblogId, e.UserId });
            editor.HasIndex(e => e.UserId);
        });

        builder.Entity<CustomEmoji>(emoji =>
        {
            emoji.Property(e => e.Id).ValueGeneratedNever();
            emoji.Property(e => e.Name).HasMaxLength(Entities.CustomEmoji.MaxNameLength);
            emoji.HasIndex(e => e.Name).IsUnique();
            emoji.HasOne(e => e.CreatedBy).WithMany().OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<SiteSettings>(settings =>
        {
            settings.Property(s => s.Id).ValueGeneratedNever();
            settings.Property(s => s.Name).HasMaxLength(Entities.SiteSettings.MaxNameLength);
            settings.Property(s => s.WelcomeText).HasMaxLength(Entities.SiteSettings.MaxWelcomeLength);
            settings.Property(s => s.Accent).HasMaxLength(Entities.SiteSettings.AccentLength);
        });

        builder.Entity<CommitMark>(mark =>
        {
            mark.Property(m => m.Id).ValueGeneratedNever();
            mark.HasIndex(m => m.CommittedAt);
        });

        builder.Entity<SearchPosition>(position =>
        {
            position.HasKey(p => new { p.Kind, p.SourceId });
            position.HasIndex(p => p.RescopedUntil).HasFilter(RescopedSources);
        });

        builder.Entity<IndexedTerm>(term =>
        {
            term.Property(t => t.Term).HasMaxLength(IndexedTerm.MaxLength);
            term.HasKey(t => new { t.Kind, t.Term, t.ItemId });
            term.HasIndex(t => new { t.Kind, t.ItemId });
        });

        builder.Entity<Attachment>(attachment =>
        {
            attachment.Property(a => a.Id).ValueGeneratedNever();
            attachment.Property(a => a.Name).HasMaxLength(Attachment.MaxNameLength);
            attachment.Property(a => a.ContentType).HasMaxLength(Attachment.MaxContentTypeLength);
            attachment.Property(a => a.Hash).HasMaxLength(Attachment.HashLength);
            attachment.Property(a => a.Preview).HasMaxLength(Attachment.MaxPreviewLength);
            attachment.HasIndex(a => a.Hash);
            attachment.HasIndex(a => new { a.Owner, a.OwnerId });
            attachment.HasIndex(a => new { a.Thumbnails, a.UploadedAt });
            attachment.HasOne(a => a.Uploader).WithMany().OnDelete(DeleteBehavior.Restrict);
            attachment.HasOne<Message>().WithMany(message => message.Attachments).HasForeignKey(a => a.MessageId).OnDelete(DeleteBehavior.Restrict);
            attachment.HasOne<LiveblogPost>().WithMany(post => post.Attachments).HasForeignKey(a => a.PostId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    private async Task<int> SaveOnceAsync(IExecutionStrategy strategy, bool acceptAllChangesOnSuccess, CancellationToken cancellationToken)
    {
        var mark = AddMark();
        var (isRetry, saved) = (false, 0);
        try
        {
            await strategy.ExecuteAsync(
                async token =>
                {
                    if (isRetry && await IsCommittedAsync(mark.Entity, token))
                        return;
                    if (isRetry)
                        ForgetGeneratedKeys();
                    isRetry = true;
                    await using var transaction = await Database.BeginTransactionAsync(token);
                    saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess: false, token);
                    await transaction.CommitAsync(token);
                },
                cancellationToken);
            if (acceptAllChangesOnSuccess)
                ChangeTracker.AcceptAllChanges();
            return saved - 1;
        }
        finally
        {
            mark.State = EntityState.Detached;
        }
    }

    /// <summary>Resets the generated keys of a transaction that was not committed, also in the rows that refer to them.</summary>
    private void ForgetGeneratedKeys()
    {
        foreach (var entry in ChangeTracker.Entries().ToArray())
        {
            // EF does the same when a command fails; it has no public method for it.
#pragma warning disable EF1001
            ((IInfrastructure<InternalEntityEntry>)entry).Instance.DiscardStoreGeneratedValues();
#pragma warning restore EF1001
        }
    }

    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        value => value,
        value => DateTime.SpecifyKind(value, DateTimeKind.Utc));
}
