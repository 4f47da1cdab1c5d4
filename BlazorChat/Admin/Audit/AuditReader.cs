using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin.Audit;

/// <summary>Which entries are asked for.</summary>
/// <param name="Text">A part of the name of the actor or the subject, in any case; empty for all.</param>
/// <param name="Action">Null for all.</param>
/// <param name="From">The first moment; null for no bound.</param>
/// <param name="Before">The moment after the last one; null for no bound.</param>
internal sealed record AuditFilter(string Text = "", AuditAction? Action = null, DateTime? From = null, DateTime? Before = null);

/// <summary>The audit log, which only admins read. Each call checks the right in the database.</summary>
internal sealed class AuditReader(IDbContextFactory<ChatDbContext> databases)
{
    /// <summary>The most entries of a page of the log.</summary>
    public const int MaxPageSize = 100;

    /// <summary>The most entries of an export.</summary>
    public const int MaxExported = 50_000;

    /// <summary>A page of the matching entries, newest first, and how many there are.</summary>
    /// <param name="skip">The number of newer entries to leave out.</param>
    /// <param name="take">At most <see cref="MaxPageSize"/>.</param>
    /// <exception cref="Common.RefusedException">The user is no admin.</exception>
    public async Task<(IReadOnlyList<AuditEntry> Entries, int Count)> ReadAsync(
        ClaimsPrincipal admin, AuditFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CheckAdminAsync(admin, cancellationToken);
        var matches = Matches(db, filter);
        var count = await matches.CountAsync(cancellationToken);
        var entries = await matches.OrderByDescending(entry => entry.Id).Skip(skip).Take(Math.Min(take, MaxPageSize)).ToListAsync(cancellationToken);
        return (entries, count);
    }

    /// <summary>The matching entries, newest first, at most <see cref="MaxExported"/>.</summary>
    /// <exception cref="Common.RefusedException">The user is no admin.</exception>
    public async Task<IReadOnlyList<AuditEntry>> ExportAsync(ClaimsPrincipal admin, AuditFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CheckAdminAsync(admin, cancellationToken);
        return await Matches(db, filter).OrderByDescending(entry => entry.Id).Take(MaxExported).ToListAsync(cancellationToken);
    }

    private static IQueryable<AuditEntry> Matches(ChatDbContext db, AuditFilter filter)
    {
        var matches = db.AuditEntries.AsNoTracking();
        if (NameForms.SearchOf(filter.Text) is { Length: > 0 } part)
            matches = matches.Where(entry => entry.SearchText.Contains(part));
        if (filter.Action is { } action)
            matches = matches.Where(entry => entry.Action == action);
        if (filter.From is { } from)
            matches = matches.Where(entry => entry.At >= from);
        if (filter.Before is { } before)
            matches = matches.Where(entry => entry.At < before);
        return matches;
    }
}
