using System.Data.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Naming;

/// <summary>Assigns handles to people of an earlier version who have none, before the node accepts requests.</summary>
internal sealed class HandleAssignment(IDbContextFactory<ChatDbContext> databases) : IHostedService
{
    /// <summary>The most people in one transaction.</summary>
    private const int BatchSize = 200;

    /// <summary>How often a batch is repeated when another node assigns one of its handles.</summary>
    private const int MaxTries = 10;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var tries = 0;
        // A node on which nobody lacks a handle writes nothing, so it also starts with a full disk.
        while (await AnyIsUnassignedAsync(cancellationToken))
        {
            try
            {
                await databases.InTransactionAsync(AssignAsync, cancellationToken);
                tries = 0;
            }
            catch (DbException) when (++tries < MaxTries && !cancellationToken.IsCancellationRequested)
            {
                // The next read of the batch omits people to whom the other node has assigned a handle.
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Assigns the handles of a batch, and returns its size.</summary>
    internal static async Task<int> AssignAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        var people = await Unassigned(db)
            .OrderBy(user => user.Handle)
            .Take(BatchSize)
            .Select(user => new { user.Id, user.DisplayName, user.Handle })
            .ToListAsync(cancellationToken);
        foreach (var person in people)
        {
            var handle = await FreeHandle.FindAsync(db, person.DisplayName, cancellationToken);
            var shape = NameForms.Of(handle).Shape;
            await db.Users.Where(user => user.Id == person.Id && user.Handle == person.Handle).ExecuteUpdateAsync(
                user => user.SetProperty(u => u.Handle, handle).SetProperty(u => u.HandleShape, shape), cancellationToken);
        }

        return people.Count;
    }

    private static IQueryable<ChatUser> Unassigned(ChatDbContext db)
    {
        var (from, before) = HandleText.UnassignedRange;
        return db.Users.Where(user => user.Handle.CompareTo(from) >= 0 && user.Handle.CompareTo(before) < 0);
    }

    private async Task<bool> AnyIsUnassignedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Unassigned(db).AnyAsync(cancellationToken);
    }
}
