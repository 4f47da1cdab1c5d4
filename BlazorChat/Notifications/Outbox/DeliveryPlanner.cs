using System.Globalization;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Presence;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Notifications.Push;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Threads;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Outbox;

/// <summary>
/// Compares what devices show with what they should show now: a message that is not deleted, that its person has not read, and may read. A few queries
/// serve many deliveries.
/// </summary>
internal sealed class DeliveryPlanner(
    IDbContextFactory<ChatDbContext> databases, JoinedRooms rooms, ThreadCounts threads, PresenceDirectory presence, TimeProvider time)
{
    /// <summary>Characters of a text.</summary>
    public const int MaxText = 120;

    /// <summary>
    /// Safari ends the subscription of a site that receives messages and shows nothing, so it gets no withdrawals, and no newer texts: what they would
    /// replace may have been dismissed.
    /// </summary>
    private const string ServiceOfSafari = "push.apple.com";

    /// <summary>Plans deliveries. One that has been removed meanwhile has no plan.</summary>
    public async Task<IReadOnlyDictionary<long, DeliveryPlan>> PlanAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var read = await ReadStatesAsync(db, ids, cancellationToken);
        State[] states = [.. read.Where(state => state.RoomId != ReminderSchedule.RoomOfDeliveries)];
        State[] reminders = [.. read.Where(state => state.RoomId == ReminderSchedule.RoomOfDeliveries)];
        var userIds = read.Select(state => state.UserId).Distinct().ToArray();
        var quiet = (await db.NotificationSettings.AsNoTracking().Where(s => userIds.Contains(s.UserId)).ToListAsync(cancellationToken))
            .Where(settings => NotificationChoices.Of(settings).QuietUntil(now) is not null)
            .Select(settings => settings.UserId)
            .ToHashSet();
        State[] wanted = [.. states.Where(state => state.ShouldShow && state.ShownRevision != state.Revision && (state.ShownRevision is null || !state.IsOfSafari) && !state.IsMuted && !quiet.Contains(state.UserId))];
        // Who looks at the room, or at the thread of the reply, reads it there. What was shown already is not left with an old text.
        var watched = wanted.Where(state => state.ShownRevision is null && IsWatched(state)).ToHashSet();
        State[] shown = [.. wanted.Where(state => !watched.Contains(state))];
        State[] withdrawn = [.. states.Where(state => !state.ShouldShow && state.ShownRevision is not null && !state.IsOfSafari)];
        var badges = await ReadBadgesAsync(shown.Concat(withdrawn), cancellationToken);
        var messages = await ReadMessagesAsync(db, shown, cancellationToken);
        var others = await ReadOthersAsync(db, shown, cancellationToken);

        var plans = states.ToDictionary(state => state.Id, state => state.ShouldShow ? new DeliveryPlan(null, state.ShownRevision) : DeliveryPlan.None);
        foreach (var ofRoom in withdrawn.GroupBy(state => (state.DeviceId, state.RoomId)))
        {
            var clear = new DeliveryPlan(Clear([.. ofRoom.OrderByDescending(state => state.Sequence)]), null);
            foreach (var state in ofRoom)
                plans[state.Id] = clear;
        }

        foreach (var state in watched)
            plans[state.Id] = DeliveryPlan.Postponed;
        foreach (var state in shown)
        {
            using var language = SiteLanguages.Switch(state.Language);
            if (messages.TryGetValue(state.MessageId!.Value, out var message))
                plans[state.Id] = new DeliveryPlan(Show(state, message), message.Revision);
        }

        await AddRemindersAsync(db, reminders, quiet, now, plans, cancellationToken);
        return plans;

        bool IsWatched(State state) => state is { Sequence: < 0, Root: { } root }
            ? presence.IsWatching(state.UserId, state.RoomId, root)
            : presence.IsWatching(state.UserId, state.RoomId);

        PushMessage Show(State state, MessageView message) => new PushPayload
        {
            Kind = PushKind.Message,
            Tag = TagOf(state),
            Title = NameOf(state) is { } room ? NotificationTexts.Get("MissedInRoom", message.AuthorName, room).ToString() : message.AuthorName,
            Body = HtmlText.Read(MentionHtml.Show(message), MaxText) is { Length: > 0 } text ? text : NotificationTexts.Get("MissedFile").ToString(),
            Url = $"/{message.Address}",
            Badge = badges[state.UserId],
            Revision = message.Revision,
            At = new DateTimeOffset(message.SentAt, TimeSpan.Zero),
            Replaces = state.ShownRevision is null ? null : true,
        }.ToMessage(state.ExpiresAt - now, isUrgent: true, state.ShownRevision is null ? null : EditTopicOf(state));

        // The newest one names the topic, since a service that has not delivered it drops it then.
        PushMessage Clear(State[] states) => new PushPayload
        {
            Kind = PushKind.Clear,
            Tag = TagOf(states[0]),
            Tags = states.Length > 1 ? [.. states.Select(TagOf)] : null,
            Badge = badges[states[0].UserId],
        }.ToMessage(states[0].ExpiresAt - now, isUrgent: false);

        // The author of a direct message of two people is named anyway.
        string? NameOf(State state)
        {
            if (state.Kind != RoomKind.Direct)
                return state.RoomName;
            DirectPerson[] people = [.. others[(state.RoomId, state.UserId)]];
            return people.Length > 1 ? DirectPeople.NameOf(people) : null;
        }
    }

    /// <summary>A reminder is shown while it is due. In quiet hours it calls nobody, also not when they end.</summary>
    private async Task AddRemindersAsync(
        ChatDbContext db, State[] states, HashSet<int> quiet, DateTime now, Dictionary<long, DeliveryPlan> plans, CancellationToken cancellationToken)
    {
        if (states.Length == 0)
            return;
        var ids = states.Select(state => state.Sequence).Distinct().ToArray();
        var due = await MessageReminders.Readable(db).AsNoTracking()
            .Where(reminder => ids.Contains(reminder.Id) && reminder.IsDue && reminder.User!.BannedAt == null)
            .Select(reminder => new { reminder.Id, reminder.Version, reminder.DueAt, reminder.Text, reminder.MessageId, Key = (long?)reminder.Message!.Sequence, RoomId = (int?)reminder.Message.RoomId })
            .ToDictionaryAsync(reminder => reminder.Id, cancellationToken);
        var messageIds = due.Values.Select(reminder => reminder.MessageId).OfType<long>().ToArray();
        var rows = await db.Messages.AsNoTracking().Where(message => messageIds.Contains(message.Id)).Select(MessageView.FromMessage).ToListAsync(cancellationToken);
        var messages = (await MentionNames.AddAsync(db, rows, cancellationToken)).ToDictionary(message => (message.RoomId, message.Sequence));
        var badges = await ReadBadgesAsync(states, cancellationToken);
        foreach (var state in states)
        {
            var tag = string.Create(CultureInfo.InvariantCulture, $"reminder-{state.Sequence}");
            if (!due.TryGetValue(state.Sequence, out var reminder))
            {
                var clear = new PushPayload { Kind = PushKind.Clear, Tag = tag, Badge = badges[state.UserId] };
                plans[state.Id] = state.ShownRevision is null || state.IsOfSafari
                    ? DeliveryPlan.None
                    : new DeliveryPlan(clear.ToMessage(state.ExpiresAt - now, isUrgent: false), null);
                continue;
            }

            if (state.ShownRevision == reminder.Version || quiet.Contains(state.UserId))
            {
                plans[state.Id] = new DeliveryPlan(null, state.ShownRevision);
                continue;
            }

            using var language = SiteLanguages.Switch(state.Language);
            var message = reminder is { RoomId: { } roomId, Key: { } key } ? messages.GetValueOrDefault((roomId, key)) : null;
            var text = message is null ? reminder.Text : HtmlText.Read(MentionHtml.Show(message), MaxText);
            var payload = new PushPayload
            {
                Kind = PushKind.Message,
                Tag = tag,
                Title = message is null ? NotificationTexts.Get("Reminder").ToString() : NotificationTexts.Get("ReminderOf", message.AuthorName).ToString(),
                Body = text.Length > 0 ? text : NotificationTexts.Get("MissedFile").ToString(),
                Url = "/saved",
                Badge = badges[state.UserId],
                Revision = reminder.Version,
                At = new DateTimeOffset(reminder.DueAt, TimeSpan.Zero),
            };
            plans[state.Id] = new DeliveryPlan(payload.ToMessage(state.ExpiresAt - now, isUrgent: true), reminder.Version);
        }
    }

    internal static string TagOf(int roomId, long sequence) => string.Create(CultureInfo.InvariantCulture, $"room-{roomId}-{sequence}");

    private static string TagOf(State state) => TagOf(state.RoomId, state.Sequence);

    /// <summary>Not that of the first text: a device that has not received it would show neither.</summary>
    private static string EditTopicOf(State state) => string.Create(CultureInfo.InvariantCulture, $"edit-{state.RoomId}-{state.Sequence}");

    private static Task<List<State>> ReadStatesAsync(ChatDbContext db, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var states =
            from delivery in db.PushDeliveries.AsNoTracking()
            where ids.Contains(delivery.Id)
            from member in db.Memberships.Where(m => m.RoomId == delivery.RoomId && m.UserId == delivery.UserId).DefaultIfEmpty()
            from message in db.Messages.Where(m => m.RoomId == delivery.RoomId && m.Sequence == delivery.Sequence).DefaultIfEmpty()
            from follow in db.ThreadFollows
                .Where(f => f.UserId == delivery.UserId && f.Thread!.RoomId == delivery.RoomId && f.Thread.RootSequence == message.ThreadRoot)
                .DefaultIfEmpty()
            from settings in db.NotificationSettings.Where(s => s.UserId == delivery.UserId).DefaultIfEmpty()
            select new State(
                delivery.Id, delivery.DeviceId, delivery.UserId, delivery.RoomId, delivery.Sequence, delivery.Host, delivery.ExpiresAt, delivery.ShownRevision)
            {
                Language = db.Users.Where(user => user.Id == delivery.UserId).Select(user => user.Language ?? user.SeenLanguage).FirstOrDefault(),
                Kind = (RoomKind?)member.Room!.Kind,
                RoomName = member.Room.Name,
                LastRead = (long?)member.LastReadSequence,
                LastSequence = (long?)member.Room.LastSequence,
                HiddenAt = member.HiddenAt,
                UnreadFrom = member.UnreadFrom,
                Root = message.ThreadRoot,
                Reply = message.ReplyNumber,
                LastReadReply = (long?)follow.LastReadReply,
                JoinedAt = (DateTime?)member.JoinedAt,
                IsBanned = member.User!.BannedAt != null,
                IsArchived = member.Room.ArchivedAt != null,
                Level = member.Level,
                GeneralLevel = (RoomLevel?)settings.RoomLevel,
                MessageId = (long?)message.Id,
                Revision = (long?)message.Revision,
                SentAt = (DateTime?)message.SentAt,
                IsDeleted = message.DeletedAt != null,
            };
        return states.ToListAsync(cancellationToken);
    }

    /// <summary>The totals that the drawers show, by person.</summary>
    private async Task<Dictionary<int, long>> ReadBadgesAsync(IEnumerable<State> states, CancellationToken cancellationToken)
    {
        var userIds = states.Select(state => state.UserId).Distinct().ToArray();
        // These share queries.
        var read = await Task.WhenAll(userIds.Select(ReadAsync));
        return userIds.Zip(read).ToDictionary(person => person.First, person => person.Second);

        async Task<long> ReadAsync(int userId)
        {
            var replies = threads.ReadAsync(userId, cancellationToken);
            var list = await rooms.ReadAsync(userId, cancellationToken);
            return list.Rooms.Sum(room => room.Counted) + await replies;
        }
    }

    private static async Task<Dictionary<long, MessageView>> ReadMessagesAsync(ChatDbContext db, State[] shown, CancellationToken cancellationToken)
    {
        var ids = shown.Select(state => state.MessageId!.Value).Distinct().ToArray();
        var rows = await db.Messages.AsNoTracking().Where(message => ids.Contains(message.Id)).Select(MessageView.FromMessage).ToListAsync(cancellationToken);
        var named = (await MentionNames.AddAsync(db, rows, cancellationToken)).ToDictionary(message => (message.RoomId, message.Sequence));
        return shown
            .DistinctBy(state => state.MessageId)
            .Where(state => named.ContainsKey((state.RoomId, state.Sequence)))
            .ToDictionary(state => state.MessageId!.Value, state => named[(state.RoomId, state.Sequence)]);
    }

    private static async Task<ILookup<(int RoomId, int ReaderId), DirectPerson>> ReadOthersAsync(
        ChatDbContext db, State[] shown, CancellationToken cancellationToken)
    {
        State[] direct = [.. shown.Where(state => state.Kind == RoomKind.Direct)];
        if (direct.Length == 0)
            return Array.Empty<DirectPerson>().ToLookup(_ => (0, 0));
        var roomIds = direct.Select(state => state.RoomId).Distinct().ToArray();
        var userIds = direct.Select(state => state.UserId).Distinct().ToArray();
        return await DirectPeople.ReadOthersAsync(
            db, db.Memberships.AsNoTracking().Where(m => roomIds.Contains(m.RoomId) && userIds.Contains(m.UserId)), cancellationToken);
    }

    private sealed record State(long Id, Guid DeviceId, int UserId, int RoomId, long Sequence, string Host, DateTime ExpiresAt, long? ShownRevision)
    {
        public bool IsOfSafari => Host.EndsWith(ServiceOfSafari, StringComparison.Ordinal);

        /// <summary>In which the person reads; null when it is unknown.</summary>
        public string? Language { get; init; }

        public RoomKind? Kind { get; init; }

        public string? RoomName { get; init; }

        public long? LastRead { get; init; }

        public long? LastSequence { get; init; }

        public long? HiddenAt { get; init; }

        public long? UnreadFrom { get; init; }

        public long? Root { get; init; }

        public long? Reply { get; init; }

        /// <summary>Null for a person who does not follow the thread of the reply.</summary>
        public long? LastReadReply { get; init; }

        public DateTime? JoinedAt { get; init; }

        public bool IsBanned { get; init; }

        public bool IsArchived { get; init; }

        public RoomLevel? Level { get; init; }

        public RoomLevel? GeneralLevel { get; init; }

        public long? MessageId { get; init; }

        public long? Revision { get; init; }

        public DateTime? SentAt { get; init; }

        public bool IsDeleted { get; init; }

        /// <summary>Whether the person may read the message and has not.</summary>
        public bool ShouldShow => MessageId is not null && !IsDeleted && !IsBanned && !IsArchived
            && JoinedAt <= SentAt && (Sequence > 0 ? LastRead < Sequence && !(HiddenAt >= Sequence) : LastReadReply < Reply && !IsRoomHidden);

        private bool IsRoomHidden => HiddenAt >= LastSequence && UnreadFrom is null;

        /// <summary>Whether the room calls the person no more. What is shown stays.</summary>
        public bool IsMuted => (Level ?? (Kind == RoomKind.Direct ? RoomLevel.Everything : GeneralLevel)) == RoomLevel.Nothing;
    }
}
