using BlazorChat.Common.Search;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Search;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Data.Sqlite;

/// <summary>
/// The index in tables of SQLite's FTS5 without content. Its tokenizer separates terms at spaces only, since <see cref="SearchText"/> has made
/// them, and leaves them as they are.
/// </summary>
internal sealed class Fts5Index(ChatDbContext db) : ISearchIndex
{
    /// <summary>The most ids in one statement.</summary>
    private const int MaxIds = 500;

    private const string FindMessages =
        """SELECT rowid AS "Value" FROM "MessageSearch" WHERE "MessageSearch" MATCH {0} AND rowid > {1} AND rowid < {2} ORDER BY rowid DESC LIMIT {3}""";

    private const string FindPosts =
        """SELECT rowid AS "Value" FROM "PostSearch" WHERE "PostSearch" MATCH {0} AND rowid > {1} AND rowid < {2} ORDER BY rowid DESC LIMIT {3}""";

    public Task ReplaceAsync(SearchKind kind, IReadOnlyList<SearchEntry> entries, CancellationToken cancellationToken)
    {
        var table = TableOf(kind);
        using var command = new PreparedCommand(
            (SqliteConnection)db.Database.GetDbConnection(), $"""INSERT OR REPLACE INTO "{table}" (rowid, "Terms") VALUES (@0, @1)""", 2);
        command.Transaction = (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        foreach (var entry in entries)
            command.Execute(entry.Id, string.Join(' ', entry.Terms.Select(term => entry.Scope + term)));
        return Task.CompletedTask;
    }

    public async Task RemoveAsync(SearchKind kind, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        // The values are numbers, and the table is one of two.
#pragma warning disable EF1002
        foreach (var chunk in ids.Chunk(MaxIds))
            await db.Database.ExecuteSqlRawAsync($"""DELETE FROM "{TableOf(kind)}" WHERE rowid IN ({string.Join(',', chunk)})""", cancellationToken);
#pragma warning restore EF1002
    }

    public async Task<IReadOnlyList<long>> FindAsync(SearchCondition condition, CancellationToken cancellationToken)
    {
        return await db.Database.SqlQueryRaw<long>(
            condition.Kind == SearchKind.Message ? FindMessages : FindPosts,
            Match(condition),
            condition.After,
            condition.Before,
            condition.Count).ToListAsync(cancellationToken);
    }

    private static string TableOf(SearchKind kind) => kind == SearchKind.Message ? "MessageSearch" : "PostSearch";

    private static string Match(SearchCondition condition) =>
        string.Join(" OR ", condition.Scopes.Select(scope => $"({string.Join(" AND ", condition.Units.Select(unit => Match(unit, scope)))})"));

    private static string Match(SearchUnit unit, string scope) => $"({string.Join(" OR ", unit.Alternatives.Select(terms => Match(terms, scope)))})";

    /// <summary>A phrase. FTS5 lets a term be a prefix only as the last one, as <see cref="SearchUnit"/> does.</summary>
    private static string Match(IReadOnlyList<SearchTerm> terms, string scope) =>
        $"{string.Join(" + ", terms.Select(term => $"\"{scope}{term.Text}\""))}{(terms[^1].IsPrefix ? " *" : "")}";
}
