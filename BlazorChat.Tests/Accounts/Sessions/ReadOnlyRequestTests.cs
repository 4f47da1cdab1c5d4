using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Sessions;

/// <summary>Reading changes nothing: browsers, proxies and mail programs request addresses before their visitors do.</summary>
public sealed partial class ReadOnlyRequestTests
{
    /// <summary>A request may write only the time of the last request.</summary>
    private static readonly string[] SeenColumns = [nameof(UserSession.LastSeenAt), nameof(BotKey.LastUsedAt)];

    [Fact]
    public async Task A1_No_address_changes_the_database_by_GET_or_HEAD()
    {
        // With a long interval no session is renewed.
        await using var node = await HostedNode.StartAsync(null, "Accounts:RevalidationInterval=01:00:00");
        using var ada = new FormClient(node.Address);
        var invitation = await ada.SetUpAsync();
        using var zoe = new FormClient(node.Address);
        using var joined = await zoe.JoinAsync(invitation, "Zoe");
        var values = await FillSiteAsync(node, ada, invitation);
        using var anonymous = new FormClient(node.Address);
        var patterns = (await ReadAsync(node)).Split('\n');
        await using var database = new DirectDatabase(node.DataFolder);
        var before = await DumpAsync(database.Db);
        Assert.Contains("Zoe", before, StringComparison.Ordinal);

        foreach (var pattern in patterns)
        {
            var path = Fill(pattern, values);
            foreach (var visitor in new[] { ada, zoe, anonymous })
            {
                foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
                {
                    var status = await StatusAsync(node, visitor, method, path);
                    Assert.True((int)status < 500, $"{method} {path} answered {status}");
                }
            }

            var after = await DumpAsync(database.Db);
            Assert.True(before == after, $"{path} changed the database:\n{Difference(before, after)}");
        }

        // Each kind of address was in the list and answered.
        foreach (var page in new[] { "/", "/rooms/{Id:int}", "/account/two-factor", "/join/{Code}", "/liveblogs/{Slug}", "/sitemap.xml", "/attachments/{id:guid}" })
            Assert.Contains(page, patterns);
        foreach (var path in new[] { "account/two-factor", "admin/people", Fill("rooms/{Id:int}", values), Fill("liveblogs/{Slug}/settings", values) })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, ada, HttpMethod.Get, path));
    }

    private static async Task<string> ReadAsync(Node node)
    {
        using var http = new HttpClient { BaseAddress = node.Address };
        return await http.GetStringAsync(new Uri(EndpointList.Path, UriKind.Relative));
    }

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex RouteValue();

    private static string Fill(string pattern, Dictionary<string, string> values) => RouteValue().Replace(
        pattern, value => values.GetValueOrDefault(value.Groups[1].Value.ToUpperInvariant() + (value.Value.Contains(":guid", StringComparison.Ordinal) ? ":GUID" : ""), "1"));

    /// <summary>Creates content for each kind of address.</summary>
    /// <returns>The values of routes by the names of their parameters.</returns>
    private static async Task<Dictionary<string, string>> FillSiteAsync(Node node, FormClient ada, string invitation)
    {
        using var created = await ada.SubmitAsync("liveblogs", "create", ("Title", "Launch"), ("Slug", "launch"));
        Assert.Equal(HttpStatusCode.Redirect, created.StatusCode);
        await ada.MakeBotAsync("Deployer");
        using var linked = await ada.SubmitAsync("admin/people", "people", ("PasswordFor", "2"));
        var link = new Uri((await FormClient.ReadAsync(linked)).QuerySelector("#password-link")!.TextContent).AbsolutePath;
        await using var database = new DirectDatabase(node.DataFolder);
        database.Db.Add(new Message
        {
            RoomId = 1,
            Sequence = 1,
            Revision = 1,
            AuthorId = 1,
            ClientMessageId = Guid.NewGuid(),
            Markdown = "Hello",
            Html = "<p>Hello</p>",
            SentAt = DateTime.UtcNow,
        });
        await database.Db.Rooms.Where(room => room.Id == 1)
            .ExecuteUpdateAsync(room => room.SetProperty(r => r.LastSequence, 1).SetProperty(r => r.LastRevision, 1));
        await database.Db.SaveChangesAsync();
        return new Dictionary<string, string>
        {
            ["CODE"] = invitation.Split('/')[^1],
            ["SLUG"] = "launch",
            ["ID"] = "1",
            ["TOKEN"] = link.Split('/')[^1],
            ["ID:GUID"] = $"{Guid.NewGuid()}",
            ["AVATARID:GUID"] = $"{Guid.NewGuid()}",
        };
    }

    /// <summary>Returns with the headers, since an event stream does not end.</summary>
    private static async Task<HttpStatusCode> StatusAsync(Node node, FormClient visitor, HttpMethod method, string path)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = visitor.Cookies };
        using var http = new HttpClient(handler) { BaseAddress = node.Address, Timeout = TestWait.Limit };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            await response.Content.ReadAsStringAsync();
        return response.StatusCode;
    }

    /// <summary>Every row of every table, one a line.</summary>
    private static async Task<string> DumpAsync(ChatDbContext db)
    {
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        // The index of words follows changes by itself.
        var tables = new List<string>();
        await foreach (var row in ReadAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%Search%' ORDER BY name"))
            tables.Add(row.GetString(0));
        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            await foreach (var row in ReadAsync(connection, $"SELECT * FROM \"{table}\" ORDER BY 1, 2"))
                dump.AppendLine(CultureInfo.InvariantCulture, $"{table} {string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(i => Show(row, i)))}");
        }

        return dump.ToString();
    }

    private static string Show(DbDataReader row, int column) => SeenColumns.Contains(row.GetName(column)) ? "" : row.GetValue(column) switch
    {
        byte[] bytes => $"{row.GetName(column)}={Convert.ToHexString(bytes)}",
        var value => $"{row.GetName(column)}={Convert.ToString(value, CultureInfo.InvariantCulture)}",
    };

    private static async IAsyncEnumerable<DbDataReader> ReadAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names of the tables are the schema's.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            yield return reader;
    }

    private static string Difference(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        return string.Join('\n', [.. old.Except(now).Select(row => $"- {row}"), .. now.Except(old).Select(row => $"+ {row}")]);
    }
}
