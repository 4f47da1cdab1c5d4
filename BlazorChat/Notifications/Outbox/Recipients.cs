using BlazorChat.Accounts.Preferences;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Outbox;

/// <summary>A message that may call people.</summary>
/// <param name="OnlyMentioned">Whether it calls only the people whom it mentions.</param>
internal sealed record CallingMessage(long Sequence, int AuthorId, DateTime SentAt, bool OnlyMentioned)
{
    /// <summary>For a reply that only its thread shows, the sequence of the first message; null for a message of the room.</summary>
    public long? Root { get; init; }

    /// <summary>Number of the reply in its thread.</summary>
    public long? Reply { get; init; }
}

/// <summary>A page of the deliveries of some messages of a room.</summary>
/// <param name="LastUserId">The last member of the page; null when there are no members after it.</param>
internal sealed record RecipientPage(IReadOnlyList<PushDelivery> Deliveries, int? LastUserId);

/// <summary>
/// Finds whom messages of a room call: members who have a device and joined before the message, whose level includes it, who have not read it, and
/// who did not ask for quiet. A reply that only its thread shows calls those who follow the thread, unless the room is muted; whom it mentions
/// follows it.
/// </summary>
internal static class Recipients
{
    /// <summary>Reads the members after one, in the order of their ids.</summary>
    /// <param name="db">The context.</param>
    /// <param name="roomId">The room of all messages.</param>
    /// <param name="messages">At least one. All of them are replies that only their threads show, or none is.</param>
    /// <param name="afterUserId">The last member of the previous page.</param>
    /// <param name="size">The number of members in a page.</param>
    /// <param name="now">UTC.</param>
    /// <param name="cancellationToken">Ends the queries.</param>
    public static async Task<RecipientPage> ReadAsync(
        ChatDbContext db,
        int roomId,
        IReadOnlyList<CallingMessage> messages,
        int afterUserId,
        int size,
        DateTime now,
        CancellationToken cancellationToken)
    {
        var sequences = messages.Select(message => message.Sequence).ToArray();
        var mentions = await db.Mentions.AsNoTracking()
            .Where(mention => mention.RoomId == roomId && sequences.Contains(mention.Sequence))
            .Select(mention => new { mention.Sequence, mention.UserId, mention.Here })
            .ToListAsync(cancellationToken);
        var mentioned = mentions
            .SelectMany(mention => mention.Here is { } here
                ? here.Select(userId => (mention.Sequence, (int?)userId))
                : [(mention.Sequence, mention.UserId)])
            .ToHashSet();
        int[]? onlyIds = mentioned.Any(mention => mention.Item2 is null) ? null : [.. mentioned.Select(mention => mention.Item2!.Value).Distinct()];
        long[] roots = [.. messages.Select(message => message.Root).OfType<long>().Distinct()];
        var people = roots.Length > 0
            ? await ReadFollowersAsync(db, roomId, roots, afterUserId, size, cancellationToken)
            : await ReadPeopleAsync(db, roomId, sequences.Max(), onlyIds, afterUserId, size, cancellationToken);
        if (people.Count == 0)
            return new RecipientPage([], null);
        var ids = people.Select(person => person.UserId).ToArray();
        var settings = await db.NotificationSettings.AsNoTracking().Where(s => ids.Contains(s.UserId)).ToDictionaryAsync(s => s.UserId, cancellationToken);
        var devices = (await db.PushDevices.AsNoTracking().Where(device => ids.Contains(device.UserId) && device.Session!.ExpiresAt > now).ToListAsync(cancellationToken))
            .ToLookup(device => device.UserId);
        var follows = roots.Length == 0 ? [] : await db.ThreadFollows.AsNoTracking()
            .Where(follow => follow.Thread!.RoomId == roomId && roots.Contains(follow.Thread.RootSequence) && ids.Contains(follow.UserId))
            .Select(follow => new { follow.Thread!.RootSequence, follow.UserId, follow.LastReadReply })
            .ToDictionaryAsync(follow => (follow.RootSequence, follow.UserId), follow => follow.LastReadReply, cancellationToken);
        var known = (await db.PushDeliveries.AsNoTracking()
                .Where(delivery => delivery.RoomId == roomId && sequences.Contains(delivery.Sequence) && ids.Contains(delivery.UserId))
                .Select(delivery => new { delivery.DeviceId, delivery.Sequence })
                .ToListAsync(cancellationToken))
            .Select(delivery => (delivery.DeviceId, delivery.Sequence))
            .ToHashSet();
        var deliveries =
            from person in people
            where !settings.TryGetValue(person.UserId, out var own) || NotificationChoices.Of(own).QuietUntil(now) is null
            from message in messages
            where IsCalled(person, message)
            from device in devices[person.UserId]
            where !known.Contains((device.Id, message.Sequence))
            select new PushDelivery
            {
                DeviceId = device.Id,
                UserId = person.UserId,
                RoomId = roomId,
                Sequence = message.Sequence,
                Host = new Uri(device.Endpoint).Authority,
                DueAt = now,
                LeasedUntil = now,
                ExpiresAt = message.SentAt + Rooms.Outbox.PushOutbox.MaxAge,
            };
        return new RecipientPage([.. deliveries], people.Count < size ? null : people[^1].UserId);

        bool IsCalled(Person person, CallingMessage message) =>
            message.AuthorId != person.UserId
            && person.JoinedAt <= message.SentAt
            && (message.Root is { } root
                ? follows.TryGetValue((root, person.UserId), out var read) && read < message.Reply && (!message.OnlyMentioned || IsMentioned(person, message))
                : person.LastRead < message.Sequence
                    && !(person.HiddenAt >= message.Sequence)
                    && ((person.IsEverything && !message.OnlyMentioned) || IsMentioned(person, message) || mentioned.Contains((message.Sequence, null))));

        bool IsMentioned(Person person, CallingMessage message) => mentioned.Contains((message.Sequence, person.UserId));
    }

    /// <param name="mentionedIds">The people whom one of the messages mentions; null for all members.</param>
    private static Task<List<Person>> ReadPeopleAsync(
        ChatDbContext db, int roomId, long newest, int[]? mentionedIds, int afterUserId, int size, CancellationToken cancellationToken)
    {
        var isForAll = mentionedIds is null;
        mentionedIds ??= [];
        var people =
            from membership in db.Memberships
            where membership.RoomId == roomId && membership.UserId > afterUserId && membership.LastReadSequence < newest
            where membership.User!.BannedAt == null && !membership.User.IsBot && membership.Room!.ArchivedAt == null
            where db.PushDevices.Any(device => device.UserId == membership.UserId)
            let level = membership.Level
                ?? (membership.Room!.Kind == RoomKind.Direct
                    ? RoomLevel.Everything
                    : db.NotificationSettings.Where(s => s.UserId == membership.UserId).Select(s => (RoomLevel?)s.RoomLevel).FirstOrDefault()
                        ?? RoomLevel.Mentions)
            where level == RoomLevel.Everything
                || (level == RoomLevel.Mentions && (isForAll || EF.Parameter(mentionedIds).Contains(membership.UserId)))
            orderby membership.UserId
            select new Person(
                membership.UserId, level == RoomLevel.Everything, membership.JoinedAt, membership.LastReadSequence, membership.HiddenAt);
        return people.Take(size).ToListAsync(cancellationToken);
    }

    /// <summary>The members who follow one of these threads, and neither muted nor hid the room.</summary>
    private static Task<List<Person>> ReadFollowersAsync(
        ChatDbContext db, int roomId, long[] roots, int afterUserId, int size, CancellationToken cancellationToken)
    {
        var followers = db.ThreadFollows
            .Where(follow => follow.Thread!.RoomId == roomId && EF.Parameter(roots).Contains(follow.Thread.RootSequence))
            .Select(follow => follow.UserId);
        var people =
            from membership in db.Memberships
            where membership.RoomId == roomId && membership.UserId > afterUserId && followers.Contains(membership.UserId)
            where membership.User!.BannedAt == null && !membership.User.IsBot && membership.Room!.ArchivedAt == null
            where membership.HiddenAt == null || membership.UnreadFrom != null || membership.Room!.LastSequence > membership.HiddenAt
            where db.PushDevices.Any(device => device.UserId == membership.UserId)
            let level = membership.Level
                ?? (membership.Room!.Kind == RoomKind.Direct
                    ? RoomLevel.Everything
                    : db.NotificationSettings.Where(s => s.UserId == membership.UserId).Select(s => (RoomLevel?)s.RoomLevel).FirstOrDefault()
                        ?? RoomLevel.Mentions)
            where level != RoomLevel.Nothing
            orderby membership.UserId
            select new Person(membership.UserId, level == RoomLevel.Everything, membership.JoinedAt, membership.LastReadSequence, membership.HiddenAt);
        return people.Take(size).ToListAsync(cancellationToken);
    }

    private sealed record Person(int UserId, bool IsEverything, DateTime JoinedAt, long LastRead, long? HiddenAt);
}
