using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Directory;

/// <summary>The removal of a large room by nodes that are killed.</summary>
[Trait("Speed", "Slow")]
public sealed class RoomRemovalTests
{
    private const int Messages = 60_000;

    [Fact]
    public async Task Another_node_continues_when_the_node_that_removes_a_room_is_killed()
    {
        await using var one = await NodeProcess.StartAsync();
        await using var two = await NodeProcess.StartAsync(one.DataFolder);
        await using var database = new DirectDatabase(one.DataFolder);
        var (roomId, file) = await AddDeletedRoomAsync(database, one.DataFolder);
        var begun = $"The messages and files of deleted room {roomId} are being removed";

        var first = await Task.WhenAny(one.WaitForLogAsync(begun), two.WaitForLogAsync(begun));
        await first;
        var (killed, other) = one.Log.Contains(begun, StringComparison.Ordinal) ? (one, two) : (two, one);
        await killed.KillAsync();

        Assert.True(await database.Db.Rooms.AnyAsync(room => room.Id == roomId));
        Assert.DoesNotContain(begun, other.Log, StringComparison.Ordinal);
        await other.WaitForLogAsync($"Deleted room {roomId} is removed");
        Assert.False(await database.Db.Rooms.AnyAsync(room => room.Id == roomId));
        Assert.False(await database.Db.Messages.AnyAsync(message => message.RoomId == roomId));
        Assert.False(await database.Db.Attachments.AnyAsync());
        Assert.False(File.Exists(file));
    }

    /// <summary>Adds what the command to delete a room leaves to the removal.</summary>
    private static async Task<(int RoomId, string File)> AddDeletedRoomAsync(DirectDatabase database, string folder)
    {
        var db = database.Db;
        var user = new ChatUser { UserName = "ada", DisplayName = "Ada", SecurityStamp = "x" };
        var room = new Room { Name = "Large", NormalizedName = Room.Normalize("Large"), Kind = RoomKind.Private, LastSequence = Messages, LastRevision = Messages };
        db.AddRange(user, room);
        await db.SaveChangesAsync();
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Messages})
            INSERT INTO "Messages" ("RoomId", "Sequence", "Revision", "FirstRevision", "AuthorId", "ClientMessageId", "Markdown", "Html", "SentAt")
            SELECT {room.Id}, i, i, i, {user.Id}, printf('%08d-0000-4000-8000-000000000000', i), 'text', '<p>text</p>', '2026-01-01' FROM n
            """);
        var hash = new byte[Attachment.HashLength];
        var name = Convert.ToHexStringLower(hash);
        var file = Path.Combine(folder, "attachments", name[..2], name);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "content");
        db.Add(new Attachment { Id = Guid.NewGuid(), OwnerId = room.Id, UploaderId = user.Id, Name = "x", ContentType = "text/plain", Hash = hash });
        db.Add(new RoomDeletion { RoomId = room.Id, LeasedUntil = DateTime.UnixEpoch });
        await db.SaveChangesAsync();
        return (room.Id, file);
    }
}
