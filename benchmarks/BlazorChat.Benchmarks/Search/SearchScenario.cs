using System.Diagnostics;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Common.Search;
using BlazorChat.Rooms.Search;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Benchmarks.Search;

/// <summary>Searches among a million messages beside what FTS5 needs for the same words, without rights, names and marks.</summary>
internal sealed class SearchScenario : IScenario
{
    private const string BareQuery =
        """
        SELECT m."RoomId", m."Sequence", m."AuthorId", m."Markdown", m."Html", m."SentAt"
        FROM "Bare" INNER JOIN "Messages" AS m ON m."Id" = "Bare".rowid
        WHERE "Bare" MATCH @query ORDER BY
        """;

    private const string Newest = " \"Bare\".rowid DESC LIMIT 21";

    /// <summary>The order of FTS5 itself: the best match first.</summary>
    private const string Best = " rank LIMIT 21";

    public string Name => "search";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        await using var node = await TestDatabase.CreateAsync();
        Run.Report("search: messages are written and indexed");
        var (person, words) = await SearchCorpus.FillAsync(node, run.IsQuick ? 5_000 : 1_000_000, cancellationToken);
        await using var db = await node.OpenAsync();
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        using var newest = Create(connection, Newest);
        using var best = Create(connection, Best);
        var search = node.Services.GetRequiredService<RoomSearch>();

        var tables = new List<Table>();
        foreach (var (title, query) in new (string, Func<Random, string>)[]
        {
            ("Two syllables", random => words[random.Next(words.Length)][..2]),
            ("A word and two syllables", random => $"{words[random.Next(words.Length)]} {words[random.Next(200)][..2]}"),
            ("One syllable", random => words[random.Next(words.Length)][..1]),
        })
        {
            var table = new Table(title, new Column("ms, p50", "0.00"), new Column("ms, p95", "0.00", IsCharted: true), new Column("results", "0"));
            tables.Add(table);
            for (var round = 0; round <= run.Rounds; round++)
            {
                Run.Report($"search: {title}, round {round} of {run.Rounds}");
                var duration = TimeSpan.FromSeconds(run.IsQuick ? 0.2 : run.Seconds);
                double?[][] figures =
                [
                    await MeasureAsync(query, round, duration, text => Task.FromResult(FindBare(newest, text))),
                    await MeasureAsync(query, round, duration, text => Task.FromResult(FindBare(best, text))),
                    await MeasureAsync(query, round, duration, async text => (await search.FindAsync(person, text, null, null, TimeZoneInfo.Utc, cancellationToken)).Results.Count),
                ];
                // The first round warms up.
                if (round == 0)
                    continue;
                table.Add("FTS5 alone, newest first", figures[0]);
                table.Add("FTS5 alone, best first", figures[1]);
                table.Add(IScenario.Own, figures[2]);
            }
        }

        return tables;
    }

    private static async Task<double?[]> MeasureAsync(Func<Random, string> query, int round, TimeSpan duration, Func<string, Task<int>> find)
    {
        // Both search the same words in the same order.
        var random = new Random(round);
        var (latencies, found) = (new Latencies(), 0L);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration;)
        {
            var text = query(random);
            var start = Stopwatch.GetTimestamp();
            found += await find(text);
            latencies.Add(Stopwatch.GetElapsedTime(start));
        }

        return [latencies.Percentile(0.5), latencies.Percentile(0.95), (double)found / latencies.Count];
    }

    private static SqliteCommand Create(SqliteConnection connection, string order)
    {
        var command = connection.CreateCommand();
        command.CommandText = BareQuery + order;
        command.Parameters.Add(new SqliteParameter("@query", ""));
        return command;
    }

    private static int FindBare(SqliteCommand command, string text)
    {
        command.Parameters[0].Value = string.Join(" AND ", text.Split(' ').Select(Match));
        using var rows = command.ExecuteReader();
        var found = 0;
        while (rows.Read())
        {
            // What a page of results shows is read.
            _ = (rows.GetInt32(0), rows.GetInt64(1), rows.GetInt32(2), rows.GetString(3), rows.GetString(4), rows.GetDateTime(5));
            found++;
        }

        return Math.Min(found, RoomSearch.PageSize);
    }

    private static string Match(string word)
    {
        var terms = SearchUnit.Of(word, isPhrase: false)!.Alternatives[0];
        return $"{string.Join(" + ", terms.Select(term => $"\"{term.Text}\""))}{(terms[^1].IsPrefix ? " *" : "")}";
    }
}
