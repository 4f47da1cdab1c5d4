using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms;

/// <summary>
/// Adds what messages do not have in their rows: the threads of replies, and the people who replied, reacted or voted. Messages without threads,
/// reactions and votes need no query.
/// </summary>
internal static class ThreadStates
{
    /// <summary>The most people or threads in one query.</summary>
    private const int BatchSize = 256;

    /// <summary>The messages with the states of their threads, and with the people who replied, reacted or voted.</summary>
    public static async Task<IReadOnlyList<MessageView>> AddAsync(
        ChatDbContext db, IReadOnlyList<MessageView> messages, CancellationToken cancellationToken)
    {
        if (messages.All(message => message.ThreadRoot is null && message.Thread is null && message.Reactions is null && message.Poll is null))
            return messages;
        var threads = await ReadAsync(db, messages, cancellationToken);
        MessageView[] inThreads =
        [
            .. messages.Select(message => message.ThreadRoot is { } root ? message.With(threads.GetValueOrDefault((message.RoomId, root))) : message),
        ];
        var people = await ReadPeopleAsync(
            db,
            inThreads.SelectMany(message => (message.Thread?.Repliers.Select(replier => replier.PersonId) ?? [])
                .Concat(ReactionView.PeopleOf(message.Reactions))
                .Concat(message.Poll?.PersonIds ?? [])),
            cancellationToken);
        return [.. inThreads.Select(message => With(message, people))];
    }

    private static MessageView With(MessageView message, IReadOnlyDictionary<int, MessageAuthor> people) => message switch
    {
        { Thread: null, Reactions: null, Poll: null } => message,
        _ => message with
        {
            Thread = message.Thread?.With(people),
            Reactions = message.Reactions is { } reactions ? ReactionView.With(reactions, people) : null,
            Poll = message.Poll?.With(people),
        },
    };

    /// <summary>Reads people as readers of messages see them.</summary>
    public static async Task<IReadOnlyDictionary<int, MessageAuthor>> ReadPeopleAsync(
        ChatDbContext db, IEnumerable<int> personIds, CancellationToken cancellationToken)
    {
        var people = new Dictionary<int, MessageAuthor>();
        foreach (var ids in personIds.Distinct().Chunk(BatchSize))
        {
            var read = await db.Users.AsNoTracking()
                .Where(user => ids.Contains(user.Id))
                .Select(user => new { user.Id, user.DisplayName, user.AvatarId, IsAdmin = user.Roles.Any(), user.Handle })
                .ToListAsync(cancellationToken);
            foreach (var user in read)
                people[user.Id] = new MessageAuthor(user.DisplayName, user.AvatarId, user.IsAdmin, user.Handle);
        }

        return people;
    }

    private static async Task<Dictionary<(int RoomId, long Root), ThreadView>> ReadAsync(
        ChatDbContext db, IEnumerable<MessageView> messages, CancellationToken cancellationToken)
    {
        var threads = new Dictionary<(int RoomId, long Root), ThreadView>();
        foreach (var room in messages.Where(message => message.ThreadRoot is not null).GroupBy(message => message.RoomId, message => message.ThreadRoot!.Value))
        {
            foreach (var roots in room.Distinct().Chunk(BatchSize))
            {
                var roomId = room.Key;
                var read = await db.Threads.AsNoTracking()
                    .Where(thread => thread.RoomId == roomId && roots.Contains(thread.RootSequence))
                    .ToListAsync(cancellationToken);
                foreach (var thread in read)
                    threads[(roomId, thread.RootSequence)] = ThreadView.From(thread);
            }
        }

        return threads;
    }
}
