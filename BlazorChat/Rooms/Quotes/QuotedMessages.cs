using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Quotes;

internal sealed record QuoteQuestion(int UserId, IReadOnlyList<QuoteAddress> Addresses);

/// <summary>
/// Reads the messages that links name, for those who may read them. An address that leads to nothing, and one that its reader may not read, take the
/// same queries and have the same answer, which is none. Simultaneous requests, as after a message with a link, share their queries, whose number does not grow with them.
/// </summary>
internal sealed class QuotedMessages(IDbContextFactory<ChatDbContext> databases) : GroupCommit<QuoteQuestion, IReadOnlyList<QuoteView>>
{
    /// <summary>The most addresses of a request; more than the rows of a page have.</summary>
    private const int MaxAddresses = 600;

    /// <summary>The most ids in one query.</summary>
    private const int QuerySize = 256;

    /// <summary>The most replies in one query. It also finds replies that have the thread of one and the number of another.</summary>
    private const int ReplyQuerySize = 64;

    /// <summary>UTF-16 code units of a message.</summary>
    private const int MaxText = 240;

    /// <summary>Those of the messages that exist, are not deleted, and that the reader may read now.</summary>
    public Task<IReadOnlyList<QuoteView>> FindAsync(ClaimsPrincipal reader, IReadOnlyCollection<QuoteAddress> addresses, CancellationToken cancellationToken) =>
        WriteAsync(new QuoteQuestion(reader.UserId, [.. addresses.Distinct().Take(MaxAddresses)]), cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<QuoteQuestion> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rooms = await ReadRoomsAsync(db, writes, cancellationToken);
        List<(QuoteAddress Address, MessageView Message)> found = [];
        foreach (var room in writes.SelectMany(question => question.Addresses.Where(address => rooms.ContainsKey((address.RoomId, question.UserId)))).Distinct().GroupBy(address => address.RoomId))
            found.AddRange(await ReadAsync(db, room.Key, [.. room], cancellationToken));
        var people = new MentionLookup();
        await MentionNames.ReadAsync(db, people, found.Select(quoted => quoted.Message.Html), cancellationToken);
        var messages = found.ToDictionary(quoted => quoted.Address, quoted => quoted.Message with { Mentions = people.PeopleIn(quoted.Message.Html) });
        return
        [
            .. writes.Select(question => new Outcome(
            [
                .. from address in question.Addresses
                   where rooms.ContainsKey((address.RoomId, question.UserId)) && messages.ContainsKey(address)
                   select Show(address, messages[address], rooms[(address.RoomId, question.UserId)]),
            ])),
        ];
    }

    /// <summary>The rooms of the addresses that each person may read (<see cref="RoomDirectory.Visible"/>), with their names.</summary>
    private static async Task<Dictionary<(int RoomId, int UserId), (string Name, RoomKind Kind)>> ReadRoomsAsync(
        ChatDbContext db, IReadOnlyList<QuoteQuestion> questions, CancellationToken cancellationToken)
    {
        var asked = questions.SelectMany(question => question.Addresses.Select(address => (address.RoomId, question.UserId))).ToHashSet();
        var people = asked.Select(pair => pair.UserId).Distinct().Chunk(QuerySize).ToArray();
        Dictionary<int, (string Name, RoomKind Kind)> rooms = [];
        HashSet<(int RoomId, int UserId)> members = [];
        foreach (var roomIds in asked.Select(pair => pair.RoomId).Distinct().Chunk(QuerySize))
        {
            var read = await db.Rooms.AsNoTracking()
                .Where(room => roomIds.Contains(room.Id))
                .Select(room => new { room.Id, room.Name, room.Kind })
                .ToListAsync(cancellationToken);
            read.ForEach(room => rooms[room.Id] = (room.Name, room.Kind));
            foreach (var userIds in people)
            {
                var memberships = await MembershipsOf(db, roomIds, userIds).Select(membership => new { membership.RoomId, membership.UserId }).ToListAsync(cancellationToken);
                members.UnionWith(memberships.Select(membership => (membership.RoomId, membership.UserId)));
            }
        }

        var readable = asked
            .Where(pair => rooms.TryGetValue(pair.RoomId, out var room) && (room.Kind == RoomKind.Open || members.Contains(pair)))
            .ToDictionary(pair => pair, pair => rooms[pair.RoomId]);
        await NameDirectAsync(db, readable, cancellationToken);
        return readable;
    }

    /// <summary>A direct room has another name for each of its people.</summary>
    private static async Task NameDirectAsync(
        ChatDbContext db, Dictionary<(int RoomId, int UserId), (string Name, RoomKind Kind)> readable, CancellationToken cancellationToken)
    {
        var direct = readable.Where(room => room.Value.Kind == RoomKind.Direct).Select(room => room.Key).ToArray();
        foreach (var rooms in direct.GroupBy(pair => pair.RoomId).Chunk(QuerySize))
        {
            foreach (var pairs in rooms.SelectMany(room => room).GroupBy(pair => pair.UserId).Chunk(QuerySize))
            {
                var memberships = MembershipsOf(db, [.. rooms.Select(room => room.Key)], [.. pairs.Select(person => person.Key)]);
                var others = await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
                foreach (var pair in pairs.SelectMany(person => person))
                    readable[pair] = (DirectPeople.NameOf([.. others[pair]]), RoomKind.Direct);
            }
        }
    }

    private static IQueryable<Membership> MembershipsOf(ChatDbContext db, int[] roomIds, int[] userIds) =>
        db.Memberships.AsNoTracking().Where(membership => roomIds.Contains(membership.RoomId) && userIds.Contains(membership.UserId));

    /// <summary>The messages of one room, whose right has been checked.</summary>
    private static async Task<IEnumerable<(QuoteAddress Address, MessageView Message)>> ReadAsync(
        ChatDbContext db, int roomId, IReadOnlyList<QuoteAddress> addresses, CancellationToken cancellationToken)
    {
        var keys = addresses.Where(address => address.Reply == 0).ToDictionary(address => address, address => address.Message);
        foreach (var asked in addresses.Where(address => address.Reply > 0).OrderBy(address => address.Message).Chunk(ReplyQuerySize))
        {
            var roots = asked.Select(address => address.Message).Distinct().ToArray();
            var numbers = asked.Select(address => address.Reply).Distinct().ToArray();
            var replies = await db.Messages.AsNoTracking()
                .Where(reply => reply.RoomId == roomId && roots.Contains(reply.ThreadRoot!.Value) && numbers.Contains(reply.ReplyNumber!.Value))
                .Select(reply => new { Address = new QuoteAddress(roomId, reply.ThreadRoot!.Value, reply.ReplyNumber!.Value), reply.Sequence })
                .ToListAsync(cancellationToken);
            foreach (var reply in replies.Where(reply => asked.Contains(reply.Address)))
                keys[reply.Address] = reply.Sequence;
        }

        Dictionary<long, MessageView> messages = [];
        foreach (var sequences in keys.Values.Distinct().Chunk(QuerySize))
        {
            var found = await db.Messages.AsNoTracking()
                .Where(message => message.RoomId == roomId && sequences.Contains(message.Sequence) && message.DeletedAt == null)
                .Select(MessageView.FromMessage)
                .ToListAsync(cancellationToken);
            found.ForEach(message => messages[message.Sequence] = message);
        }

        return keys.Where(key => messages.ContainsKey(key.Value)).Select(key => (key.Key, messages[key.Value]));
    }

    private static QuoteView Show(QuoteAddress address, MessageView message, (string Name, RoomKind Kind) room) => new(
        address,
        message.Sequence,
        room.Kind,
        room.Name,
        message.AuthorName,
        message.SentAt,
        HtmlText.Read(MentionHtml.Show(message), MaxText) is { Length: > 0 } text ? text : RoomTexts.Get("SentFile").ToString());
}
