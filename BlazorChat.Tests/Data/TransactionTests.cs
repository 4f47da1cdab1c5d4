using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Data;

public sealed class TransactionTests
{
    [Fact]
    public async Task F14_A_row_that_is_deleted_before_it_is_saved_is_read_again_and_then_refused()
    {
        await using var site = await TestDatabase.CreateAsync();
        var room = await site.Rooms.CreateAsync(await site.AddPersonAsync("Ada"), "Room", default);
        await using var db = await site.OpenAsync();
        var reads = 0;

        var refused = await Assert.ThrowsAsync<RefusedException>(() => db.InTransactionAsync(
            async token =>
            {
                // The first time somebody deletes it after it was read, the second time before.
                var isFirst = reads++ == 0;
                var found = isFirst ? await db.Rooms.SingleAsync(r => r.Id == room.Id, token) : null;
                await db.Memberships.ExecuteDeleteAsync(token);
                await db.Rooms.Where(r => r.Id == room.Id).ExecuteDeleteAsync(token);
                found ??= await db.Rooms.SingleOrDefaultAsync(r => r.Id == room.Id, token) ?? throw new RefusedException(RefusalCode.NotFound, CommonTexts.Get("TryAgain"));
                found.Name = "Other";
                return 0;
            },
            default));

        Assert.Equal(RefusalCode.NotFound, refused.Code);
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task F14_A_write_whose_row_was_deleted_meanwhile_is_tried_again()
    {
        using var writer = new Conflicting();
        await writer.StartAsync(default);

        Assert.Equal(2, await writer.WriteAsync());

        await writer.StopAsync(default);
    }

    [Fact]
    public async Task F14_Sessions_are_swept_in_batches()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The file is SQLite's.");
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada");
        await using (var db = await site.OpenAsync())
        {
            db.AddRange(Enumerable.Range(0, 1_100).Select(_ => Session(ada, DateTime.UnixEpoch)));
            db.Add(Session(ada, DateTime.MaxValue));
            await db.SaveChangesAsync();
        }

        var log = new CommandLog();
        var sessions = ActivatorUtilities.CreateInstance<SessionDirectory>(site.Services, new InterceptedDatabase(site.DataFolder, log));
        await sessions.SweepAsync(default);

        Assert.Equal(3, log.Commands.Count(command => command.Sql.StartsWith("DELETE FROM \"UserSessions\"", StringComparison.Ordinal)));
        await using var after = await site.OpenAsync();
        Assert.Equal(1, await after.UserSessions.CountAsync());
    }

    [Fact]
    public async Task F14_A_session_that_has_just_ended_gets_no_ticket_and_no_error()
    {
        await using var site = await TestDatabase.CreateAsync();

        await Assert.ThrowsAsync<UnauthorizedAccessException>(
            () => site.Services.GetRequiredService<SignInTickets>().CreateAsync(SessionDirectory.Format(Guid.NewGuid()), default));
    }

    private static UserSession Session(ClaimsPrincipal person, DateTime expiresAt) =>
        new() { Id = Guid.NewGuid(), UserId = person.UserId, Ticket = [1], Device = "x", ExpiresAt = expiresAt };

    private sealed class Conflicting : GroupCommit<int, int>
    {
        private int _tries;

        public Task<int> WriteAsync() => WriteAsync(0, default);

        protected override Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<int> writes, CancellationToken cancellationToken) =>
            ++_tries == 1 ? throw new DbUpdateConcurrencyException() : Task.FromResult<IReadOnlyList<Outcome>>([.. writes.Select(_ => new Outcome(_tries))]);
    }
}
