using System.Globalization;
using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Admin.Audit;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Admin.Audit;

public sealed class AuditTests
{
    [Fact]
    public async Task A_command_is_in_the_log_with_its_actor_and_subject()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        using var zoe = new FormClient(node.Address);
        using var joined = await zoe.JoinAsync(await ada.SetUpAsync(), "Zoe");
        using var made = await ada.SubmitAsync("admin/bots", "new-bot", ("Name", "=Deploy"));
        using var reset = await ada.SubmitAsync("admin/invitations", "reset");

        using var refused = await zoe.GetAsync("admin/audit.csv");
        using var answer = await ada.GetAsync("admin/audit.csv");
        var filtered = await (await ada.GetAsync("admin/audit.csv?name=deploy")).Content.ReadAsStringAsync();
        var later = await (await ada.GetAsync("admin/audit.csv?from=2100-01-01T00:00:00Z")).Content.ReadAsStringAsync();

        Assert.Equal("/account/denied", new Uri(node.Address, refused.Headers.Location!).AbsolutePath);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        var rows = await ReadAsync(await answer.Content.ReadAsStringAsync());
        Assert.Equal(["InvitationReset", "BotCreated"], rows.Select(row => row["action"]));
        Assert.All(rows, row => Assert.Equal("Ada", row["actor"]));
        // A spreadsheet shows the name, and does not calculate it.
        Assert.Equal(["", "'=Deploy"], rows.Select(row => row["subject"]));
        Assert.Single(await ReadAsync(filtered));
        Assert.Empty(await ReadAsync(later));
    }

    [Fact]
    public async Task Rooms_and_owners_leave_entries_and_commands_that_change_nothing_do_not()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada", isAdmin: true);
        var zoe = await site.AddPersonAsync("Zoe");
        var room = await site.Rooms.CreateAsync(zoe, "Launch", default);

        await site.RoomLifecycle.ArchiveAsync(zoe, room.Id, default);
        await site.RoomLifecycle.ArchiveAsync(zoe, room.Id, default);
        await site.RoomLifecycle.UnarchiveAsync(ada, room.Id, default);
        await site.RoomSettings.ChangeAsync(zoe, room.Id, new RoomEdit(Topic: "Topic"), default);
        await site.RoomSettings.ChangeAsync(zoe, room.Id, new RoomEdit(Kind: RoomKind.Private), default);
        await site.Services.GetRequiredService<RoomMembers>().AddAsync(zoe, room.Id, ada.UserId, default);
        await site.Owners.SetOwnerAsync(zoe, room.Id, ada.UserId, true, default);
        await site.Owners.SetOwnerAsync(zoe, room.Id, ada.UserId, true, default);
        await site.Owners.SetOwnerAsync(zoe, room.Id, ada.UserId, false, default);
        await site.RoomLifecycle.DeleteAsync(zoe, room.Id, default);
        var liveblog = await site.Lifecycle.CreateAsync(ada, "Election", "election", default);
        await site.Editors.AddAsync(ada, liveblog.Id, "Zoe@example.org", default);
        await site.Editors.RemoveAsync(ada, liveblog.Id, zoe.UserId, default);
        await site.Editors.RemoveAsync(ada, liveblog.Id, zoe.UserId, default);
        await Assert.ThrowsAsync<RefusedException>(() => site.Lifecycle.CreateAsync(zoe, "Other", "other", default));

        await using var db = await site.OpenAsync();
        var entries = await db.AuditEntries.OrderBy(entry => entry.Id).Select(entry => $"{entry.ActorName}: {entry.Action} {entry.Subject}").ToListAsync();
        Assert.Equal(
            [
                "Zoe: RoomArchived Launch", "Ada: RoomUnarchived Launch",
                // From here on it is private, and its name is only for its members.
                "Zoe: RoomMadePrivate Launch", $"Zoe: OwnerAdded #{room.Id} · Ada", $"Zoe: OwnerRemoved #{room.Id} · Ada", $"Zoe: RoomDeleted #{room.Id}",
                "Ada: LiveblogCreated Election", "Ada: EditorAdded Zoe · Election", "Ada: EditorRemoved Zoe · Election",
            ],
            entries);
    }

    [Fact]
    public async Task Only_admins_read_it_by_pages_names_actions_and_days()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada", isAdmin: true);
        var zoe = await site.AddPersonAsync("Zoé");
        var day = new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc);
        await using (var db = await site.OpenAsync())
        {
            for (var i = 0; i < 3; i++)
                await db.AuditAsync(ada, i == 1 ? AuditAction.BotCreated : AuditAction.PersonBanned, i == 2 ? "Zoé" : $"Subject {i}", day.AddHours(i), default);
            await db.SaveChangesAsync();
        }

        var reader = new AuditReader(site.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>());
        async Task<string[]> ReadAsync(AuditFilter filter, int skip = 0, int take = 50) =>
            [.. (await reader.ReadAsync(ada, filter, skip, take, default)).Entries.Select(entry => entry.Subject)];

        Assert.Equal(["Zoé", "Subject 1", "Subject 0"], await ReadAsync(new AuditFilter()));
        Assert.Equal(["Subject 1"], await ReadAsync(new AuditFilter(), skip: 1, take: 1));
        Assert.Equal(3, (await reader.ReadAsync(ada, new AuditFilter(), 0, 1, default)).Count);
        Assert.Equal(["Zoé"], await ReadAsync(new AuditFilter("zoe")));
        Assert.Equal(["Subject 1"], await ReadAsync(new AuditFilter(Action: AuditAction.BotCreated)));
        Assert.Equal(["Subject 1"], await ReadAsync(new AuditFilter(From: day.AddHours(1), Before: day.AddHours(2))));
        await Assert.ThrowsAsync<RefusedException>(() => reader.ReadAsync(zoe, new AuditFilter(), 0, 50, default));
        await Assert.ThrowsAsync<RefusedException>(() => reader.ExportAsync(zoe, new AuditFilter(), default));
    }

    [Fact]
    public async Task An_entry_has_the_device_of_the_session()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada", isAdmin: true);
        var session = new UserSession { Id = Guid.NewGuid(), UserId = ada.UserId, Ticket = [], Device = "Firefox on Linux", ExpiresAt = DateTime.MaxValue };
        ((ClaimsIdentity)ada.Identity!).AddClaim(new Claim(ConnectionRegistry.SessionClaim, SessionDirectory.Format(session.Id)));
        await using var db = await site.OpenAsync();
        db.Add(session);
        await db.SaveChangesAsync();

        await db.AuditAsync(ada, AuditAction.InvitationReset, "", DateTime.UnixEpoch, default);
        await db.SaveChangesAsync();

        Assert.Equal("Firefox on Linux", (await db.AuditEntries.SingleAsync()).Device);
    }

    [Fact]
    public async Task Entries_are_removed_after_two_years()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada", isAdmin: true);
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var now = time.GetUtcNow().UtcDateTime;
        await using (var db = await site.OpenAsync())
        {
            await db.AuditAsync(ada, AuditAction.BotCreated, "old", now - AuditSweep.Retention - TimeSpan.FromSeconds(1), default);
            await db.AuditAsync(ada, AuditAction.BotCreated, "kept", now - AuditSweep.Retention, default);
            await db.SaveChangesAsync();
        }

        using var sweep = new AuditSweep(site.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>(), time, NullLogger<AuditSweep>.Instance);
        await sweep.SweepAsync(default);

        await using var after = await site.OpenAsync();
        Assert.Equal(["kept"], await after.AuditEntries.Select(entry => entry.Subject).ToListAsync());
    }

    [Fact]
    public void Every_action_has_words_of_its_own()
    {
        var words = Enum.GetValues<AuditAction>().Select(action => AuditTexts.Of(action).ToString()).ToArray();

        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.All(words, Assert.NotEmpty);
    }

    private static async Task<List<Dictionary<string, string>>> ReadAsync(string file)
    {
        using var csv = new CsvReader(new StringReader(file.TrimStart('\uFEFF')), CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        csv.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (await csv.ReadAsync())
            rows.Add(csv.HeaderRecord!.ToDictionary(column => column, column => csv.GetField(column) ?? ""));
        return rows;
    }
}
