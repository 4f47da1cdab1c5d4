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
/// same queries and have the same answer, which is none. Simultaneous requests, as after a message with a link, share their queries.
/// </summary>
internal sealed class QuotedMessages(IDbContextFactory<ChatDbContext> databases) : GroupCommit<QuoteQuestion, IReadOnlyList<QuoteView>>
{
    /// <summary>The most addresses of a request; more than the rows of a page have.</summary>
    private const int MaxAddresses = 600;

    /// <summary>The most ids in one query.</summary>
    private const int QuerySize = 256;

    /// <summary>UTF-16 code units of a message.</summary>
    private const int MaxText = 240;

    /// <summary>Those of the messages that exist, are not deleted, and that the reader may read now.</summary>
    public Task<IReadOnlyList<QuoteView>> FindAsync(ClaimsPrincipal reader, IReadOnlyCollection<QuoteAddress> addresses, CancellationToken cancellationToken) =>
        WriteAsync(new QuoteQuestion(reader.UserId, [.. addresses.Distinct().Take(MaxAddresses)]), cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<QuoteQuestion> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rooms = await ReadRoomsAsync(db, writes, cancellationToken);
        Dictionary<QuoteAddress, MessageView> messages = [];
        foreach (var room in writes.SelectMany(question => question.Addresses.Where(address => rooms.ContainsKey((address.RoomId, question.UserId)))).Distinct().GroupBy(address => address.RoomId))
        {
            foreach (var (address, message) in await ReadAsync(db, room.Key, [.. room], cancellationToken))
                messages[address] = message;
        }

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

    /// <summary>The rooms of the addresses that each person may read, with their names.</summary>
    private static async Task<Dictionary<(int RoomId, int UserId), (string Name, RoomKind Kind)>> ReadRoomsAsync(
        ChatDbContext db, IReadOnlyList<QuoteQuestion> questions, CancellationToken cancellationToken)
    {
        var asked = questions.SelectMany(question => question.Addresses.Select(address => (address.RoomId, question.UserId))).ToHashSet();
        Dictionary<(int RoomId, int UserId), (string Name, RoomKind Kind)> readable = [];
        foreach (var person in asked.GroupBy(pair => pair.UserId, pair => pair.RoomId))
        {
            var userId = person.Key;
            foreach (var roomIds in person.Chunk(QuerySize))
            {
                var rooms = await RoomDirectory.Visible(db, userId)
                    .Where(room => roomIds.Contains(room.Id))
                    .Select(room => new { room.Id, room.Name, room.Kind })
                    .ToListAsync(cancellationToken);
                rooms.ForEach(room => readable[(room.Id, userId)] = (room.Name, room.Kind));
            }

            var directIds = readable.Where(room => room.Key.UserId == userId && room.Value.Kind == RoomKind.Direct).Select(room => room.Key.RoomId).ToArray();
            if (directIds.Length == 0)
                continue;
            var memberships = db.Memberships.AsNoTracking().Where(membership => membership.UserId == userId && directIds.Contains(membership.RoomId));
            var others = await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
            foreach (var roomId in directIds)
                readable[(roomId, userId)] = (DirectPeople.NameOf([.. others[(roomId, userId)]]), RoomKind.Direct);
        }

        return readable;
    }

    /// <summary>The messages of one room, whose right has been checked.</summary>
    private static async Task<IEnumerable<(QuoteAddress Address, MessageView Message)>> ReadAsync(
        ChatDbContext db, int roomId, IReadOnlyList<QuoteAddress> addresses, CancellationToken cancellationToken)
    {
        var keys = addresses.Where(address => address.Reply == 0).ToDictionary(address => address, address => address.Message);
        foreach (var thread in addresses.Where(address => address.Reply > 0).GroupBy(address => address.Message, address => address.Reply))
        {
            var root = thread.Key;
            foreach (var numbers in thread.Chunk(QuerySize))
            {
                var replies = await db.Messages.AsNoTracking()
                    .Where(reply => reply.RoomId == roomId && reply.ThreadRoot == root && numbers.Contains(reply.ReplyNumber!.Value))
                    .Select(reply => new { reply.ReplyNumber, reply.Sequence })
                    .ToListAsync(cancellationToken);
                replies.ForEach(reply => keys[new QuoteAddress(roomId, root, reply.ReplyNumber!.Value)] = reply.Sequence);
            }
        }

        List<MessageView> found = [];
        foreach (var sequences in keys.Values.Distinct().Chunk(QuerySize))
        {
            found.AddRange(await db.Messages.AsNoTracking()
                .Where(message => message.RoomId == roomId && sequences.Contains(message.Sequence) && message.DeletedAt == null)
                .Select(MessageView.FromMessage)
                .ToListAsync(cancellationToken));
        }

        var messages = (await MentionNames.AddAsync(db, found, cancellationToken)).ToDictionary(message => message.Sequence);
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
