using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Data.Search;
using BlazorChat.Data.Sqlite;
using BlazorChat.Rooms.Search.Indexing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Benchmarks.Search;

/// <summary>
/// A deployment with 100 open rooms, 80 private rooms and 20 direct ones, of which the reader is in 20 and 10. Two of three messages are Korean, and words
/// are as frequent as in a language.
/// </summary>
internal static class SearchCorpus
{
    private const int Rooms = 200;

    /// <summary>The number of messages in one transaction.</summary>
    private const int BatchSize = 20_000;

    private static readonly string[] Particles = ["", "", "", "에서", "은", "는", "이", "가", "을", "를"];

    /// <returns>The reader and the Korean words, frequent ones first.</returns>
    public static async Task<(ClaimsPrincipal Reader, string[] Words)> FillAsync(TestDatabase node, int messages, CancellationToken cancellationToken)
    {
        var random = new Random(7);
        var korean = Words(random, 20_000, () => string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => (char)(0xAC00 + (random.Next(0, 400) * 28) + random.Next(0, 4)))));
        var english = Words(random, 20_000, () => string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => (char)('a' + random.Next(26)))));
        var reader = await node.AddPersonAsync("Ada");
        await using var db = await node.OpenAsync();
        var rooms = await AddRoomsAsync(db, reader.UserId, messages / Rooms, cancellationToken);
        await db.Database.ExecuteSqlRawAsync("CREATE VIRTUAL TABLE \"Bare\" USING fts5(\"Terms\", content='', contentless_delete=1, tokenize=\"ascii tokenchars '_'\")", cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        using var insert = new PreparedInsert<Message>(db);
        using var bare = new PreparedCommand((SqliteConnection)db.Database.GetDbConnection(), "INSERT INTO \"Bare\" (rowid, \"Terms\") VALUES (@0, @1)", 2);
        for (var begin = 0; begin < messages; begin += BatchSize)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            insert.Command.Transaction = bare.Transaction = (SqliteTransaction)transaction.GetDbTransaction();
            var entries = new List<SearchEntry>(BatchSize);
            for (var i = begin; i < Math.Min(begin + BatchSize, messages); i++)
            {
                var room = rooms[i % Rooms];
                var text = i % 3 == 0 ? Sentence(random, english, [""]) : Sentence(random, korean, Particles);
                var message = Create(room, (i / Rooms) + 1, reader.UserId, text, DateTime.UnixEpoch.AddSeconds(i));
                insert.Execute(message);
                var terms = MessageTerms.Of(new SearchedMessage(room.Id, message.AuthorId, message.Html, IsEdited: false, []));
                entries.Add(new SearchEntry(i + 1, SearchScope.Of(room.Id, room.Kind == RoomKind.Open), terms));
                bare.Execute(i + 1, string.Join(' ', terms));
            }

            await db.SearchIndex.ReplaceAsync(SearchKind.Message, entries, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return (reader, korean);
    }

    private static async Task<Room[]> AddRoomsAsync(ChatDbContext db, int readerId, int messages, CancellationToken cancellationToken)
    {
        var rooms = new List<Room>();
        for (var i = 0; i < Rooms; i++)
        {
            var kind = i < 100 ? RoomKind.Open : i < 180 ? RoomKind.Private : RoomKind.Direct;
            var name = kind == RoomKind.Direct ? "" : $"Room {i}";
            rooms.Add(new Room
            {
                Name = name,
                NormalizedName = Room.Normalize(name),
                Kind = kind,
                PeopleKey = kind == RoomKind.Direct ? $"{readerId},{i}" : null,
                LastSequence = messages,
                LastRevision = messages,
            });
        }

        db.AddRange(rooms);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        db.AddRange(rooms.Where((_, i) => i is < 120 or >= 180 and < 190).Select(room => new Membership { RoomId = room.Id, UserId = readerId }));
        db.AddRange(rooms.Select(room => new SearchPosition
        {
            Kind = SearchKind.Message,
            SourceId = room.Id,
            Revision = messages,
            IsOpen = room.Kind == RoomKind.Open,
        }));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [.. rooms];
    }

    private static Message Create(Room room, long sequence, int authorId, string text, DateTime sentAt) => new()
    {
        RoomId = room.Id,
        Sequence = sequence,
        Revision = sequence,
        FirstRevision = sequence,
        AuthorId = authorId,
        ClientMessageId = Guid.NewGuid(),
        Markdown = text,
        Html = $"<p>{text}</p>",
        SentAt = sentAt,
    };

    private static string[] Words(Random random, int count, Func<string> create) => [.. Enumerable.Range(0, count).Select(_ => create()).Distinct()];

    /// <summary>Three to fourteen words, each half as frequent as one of half its rank.</summary>
    private static string Sentence(Random random, string[] words, string[] endings) => string.Join(
        ' ',
        Enumerable.Range(0, random.Next(3, 15)).Select(_ =>
            words[(int)(Math.Pow(words.Length, random.NextDouble()) - 1)] + endings[random.Next(endings.Length)]));
}
