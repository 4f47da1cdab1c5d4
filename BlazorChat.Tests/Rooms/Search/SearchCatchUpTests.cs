using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Search;

/// <summary>The index of a deployment that had many messages before it had an index.</summary>
[Trait("Speed", "Slow")]
public sealed class SearchCatchUpTests
{
    private const int Messages = 20_000;

    [Fact]
    public async Task A_node_that_is_killed_while_it_catches_up_repeats_and_loses_nothing()
    {
        await using var killed = await NodeProcess.StartAsync();
        await using var database = new DirectDatabase(killed.DataFolder);
        var roomId = await AddMessagesAsync(database);
        await killed.WaitForLogAsync("changes behind and catches up");
        using (var timeout = new CancellationTokenSource(TestWait.Limit))
        {
            while (await ReadRevisionAsync(database) == 0)
                await Task.Delay(5, timeout.Token);
        }

        await killed.KillAsync();
        var reached = await ReadRevisionAsync(database);
        Assert.InRange(reached, 1, Messages - 1);
        Assert.Equal(reached, await CountAsync(database, "text"));

        await using var other = await NodeProcess.StartAsync(killed.DataFolder);
        await database.Db.Messages.Where(message => message.RoomId == roomId && message.Sequence == 3).ExecuteUpdateAsync(
            message => message.SetProperty(m => m.Html, "<p>edited</p>").SetProperty(m => m.Revision, Messages + 1));
        await database.Db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(room => room.SetProperty(r => r.LastRevision, Messages + 1));
        await other.WaitForLogAsync("has caught up");

        Assert.Equal(Messages + 1, await ReadRevisionAsync(database));
        Assert.Equal(Messages - 1, await CountAsync(database, "text"));
        Assert.Equal(1, await CountAsync(database, "edited"));
        Assert.Equal(1, await CountAsync(database, "번호19999"));
    }

    private static async Task<int> AddMessagesAsync(DirectDatabase database)
    {
        var db = database.Db;
        var user = new ChatUser { UserName = "ada", DisplayName = "Ada", SecurityStamp = "x" };
        var room = new Room { Name = "Large", NormalizedName = Room.Normalize("Large"), LastSequence = Messages, LastRevision = Messages };
        await using var transaction = await db.Database.BeginTransactionAsync();
        db.AddRange(user, room);
        await db.SaveChangesAsync();
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Messages})
            INSERT INTO "Messages" ("RoomId", "Sequence", "Revision", "FirstRevision", "AuthorId", "ClientMessageId", "Markdown", "Html", "SentAt")
            SELECT {room.Id}, i, i, i, {user.Id}, printf('%08d-0000-4000-8000-000000000000', i), 'text', '<p>text 번호' || i || '</p>', '2026-01-01' FROM n
            """);
        await transaction.CommitAsync();
        return room.Id;
    }

    private static async Task<long> ReadRevisionAsync(DirectDatabase database) =>
        await database.Db.SearchPositions.AsNoTracking().SumAsync(position => position.Revision);

    private static Task<int> CountAsync(DirectDatabase database, string word)
    {
        var match = word.StartsWith('번') ? $"\"번호\" + \"호\" + \"{word[2..]}\"" : $"\"{word}\"";
        return database.Db.Database.SqlQuery<int>($"SELECT count(*) AS \"Value\" FROM \"MessageSearch\" WHERE \"MessageSearch\" MATCH {match}").SingleAsync();
    }
}
