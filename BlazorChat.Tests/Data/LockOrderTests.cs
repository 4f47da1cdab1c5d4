using System.Globalization;
using System.Text.RegularExpressions;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Avatars;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Writing;
using BlazorChat.Tests.Attachments.Avatars;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Data;

/// <summary>The order in which transactions lock rows (docs/architecture.md), by the commands that they send.</summary>
public sealed partial class LockOrderTests
{
    [Fact]
    public async Task F11_Read_marks_are_locked_by_room_and_person_in_any_order_of_arrival()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The file is SQLite's.");
        await using var site = await TestDatabase.CreateAsync();
        var log = new CommandLog();

        await ReadMarks.SaveAsync(
            new InterceptedDatabase(site.DataFolder, log),
            [new ReadMark(2, 9, 5), new ReadMark(1, 7, 4), new ReadMark(2, 1, 6), new ReadMark(1, 3, 9), new ReadMark(1, 5, 4)],
            DateTime.UnixEpoch,
            default);

        // The first command of each room locks all its rows.
        var locks = log.Commands
            .Where(command => LocksMemberships().IsMatch(command.Sql))
            .Select(command => string.Join(' ', command.Values.Distinct()));
        Assert.Equal(["1 3 5 7", "2 1 9"], locks);
    }

    [Fact]
    public async Task F11_A_batch_locks_its_rooms_in_their_order()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The file is SQLite's.");
        await using var site = await TestDatabase.CreateAsync();
        var log = new CommandLog();
        await using var store = new TrackedMessageStore(new InterceptedDatabase(site.DataFolder, log).CreateDbContext());

        await store.LockRoomsAsync([3, 1, 2], default);

        Assert.Equal([1, 2, 3], log.Commands.Where(command => command.Sql.StartsWith("UPDATE", StringComparison.Ordinal)).Select(command => Convert.ToInt32(command.Values.Single(), CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task B2_B4_A_room_is_locked_before_its_settings_its_members_and_its_owners_are_read()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The file is SQLite's.");
        await using var site = await TestDatabase.CreateAsync();
        var (ada, zoe, max) = (await site.AddPersonAsync("Ada"), await site.AddPersonAsync("Zoe"), await site.AddPersonAsync("Max"));
        var room = await site.Rooms.CreateAsync(ada, "Room", default);
        await site.Rooms.JoinAsync(zoe, room.Id, default);
        var log = new CommandLog();
        var databases = new InterceptedDatabase(site.DataFolder, log);
        var owners = ActivatorUtilities.CreateInstance<RoomOwners>(site.Services, databases);
        var rooms = ActivatorUtilities.CreateInstance<RoomDirectory>(site.Services, databases);
        var settings = ActivatorUtilities.CreateInstance<RoomSettings>(site.Services, databases);
        var lifecycle = ActivatorUtilities.CreateInstance<RoomLifecycle>(site.Services, databases);

        await settings.RenameAsync(ada, room.Id, "Renamed", default);
        StartsWithTheRoom();
        await rooms.JoinAsync(max, room.Id, default);
        StartsWithTheRoom();
        await owners.SetOwnerAsync(ada, room.Id, zoe.UserId, isOwner: true, default);
        StartsWithTheRoom();
        await lifecycle.ArchiveAsync(ada, room.Id, default);
        StartsWithTheRoom();
        await owners.LeaveAsync(ada, room.Id, null, default);
        StartsWithTheRoom();
        await lifecycle.DeleteAsync(zoe, room.Id, default);
        StartsWithTheRoom();

        void StartsWithTheRoom()
        {
            Assert.StartsWith("UPDATE \"Rooms\"", log.Commands.First(command => command.IsInTransaction).Sql, StringComparison.Ordinal);
            log.Clear();
        }
    }

    [Fact]
    public async Task F12_Pictures_of_a_person_are_found_by_an_index_and_ones_own_row_is_written_last()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The file is SQLite's.");
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada");
        await site.Services.GetRequiredService<AvatarStore>().SetAsync(ada, "dot.png", new MemoryStream(AvatarsTests.Dot), AvatarsTests.Dot.Length, default);
        await using var db = await site.OpenAsync();
        var picture = await db.Attachments.Where(a => a.Owner == AttachmentOwner.Person).Select(a => a.Id).SingleAsync();
        await db.Attachments.ExecuteUpdateAsync(a => a.SetProperty(x => x.Thumbnails, ThumbnailState.Pending));
        var log = new CommandLog();

        await ActivatorUtilities.CreateInstance<AvatarOwner>(site.Services, new InterceptedDatabase(site.DataFolder, log))
            .SetThumbnailsAsync(ada.UserId, picture, ThumbnailState.Ready, default);

        var last = log.Commands.Last(command => !command.Sql.Contains("CommitMarks", StringComparison.Ordinal));
        Assert.StartsWith("UPDATE \"Attachments\"", last.Sql, StringComparison.Ordinal);
        Assert.Contains(picture, last.Values.OfType<Guid>());
        var type = db.Model.FindEntityType(typeof(Attachment))!;
        Assert.NotNull(type.FindIndex([type.FindProperty(nameof(Attachment.Owner))!, type.FindProperty(nameof(Attachment.OwnerId))!]));
    }

    [Fact]
    public void Transactions_are_begun_in_one_place_and_by_the_message_stores()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Node.Repository, "BlazorChat"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains(".BeginTransaction", StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);

        // Beside these: a context that saves, and what MessageWriter tries again by its own ids.
        Assert.Equal(["ChatDbContext.cs", "PreparedMessageStore.cs", "TrackedMessageStore.cs", "Transactions.cs"], sources);
    }

    [GeneratedRegex("^UPDATE \"Memberships\".*SET \"LastReadSequence\" = \"m\".\"LastReadSequence\"", RegexOptions.Singleline)]
    private static partial Regex LocksMemberships();
}
