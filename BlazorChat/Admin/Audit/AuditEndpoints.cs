using System.Globalization;
using System.Security.Claims;
using System.Text;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Accounts;
using CsvHelper;
using CsvHelper.Configuration;

namespace BlazorChat.Admin.Audit;

/// <summary>The audit log as a file: UTF-8, one line for each entry, newest first, times in UTC.</summary>
internal static class AuditEndpoints
{
    private const string Path = "admin/audit.csv";

    // A spreadsheet would run a name that begins like a formula.
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape };

    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGet($"/{Path}", ExportAsync).RequireAuthorization(AdminRights.Policy);

    /// <summary>The address of the file with the entries of a filter.</summary>
    public static string AddressOf(AuditFilter filter) => Path + QueryString.Create(new Dictionary<string, string?>
    {
        ["name"] = filter.Text,
        ["action"] = filter.Action?.ToString(),
        ["from"] = filter.From?.ToString("O", CultureInfo.InvariantCulture),
        ["before"] = filter.Before?.ToString("O", CultureInfo.InvariantCulture),
    });

    private static async Task<IResult> ExportAsync(
        HttpContext context,
        ClaimsPrincipal admin,
        AuditReader audit,
        CancellationToken cancellationToken,
        string name = "",
        string action = "",
        string from = "",
        string before = "")
    {
        var filter = new AuditFilter(name, Enum.TryParse<AuditAction>(action, out var known) ? known : null, Parse(from), Parse(before));
        var entries = await audit.ExportAsync(admin, filter, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(stream => WriteAsync(stream, entries, cancellationToken), "text/csv; charset=utf-8", "audit.csv");
    }

    private static async Task WriteAsync(Stream stream, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        // Without the mark, spreadsheets on Windows read another encoding.
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await using var csv = new CsvWriter(writer, Format);
        foreach (var column in new[] { "time", "actor_id", "actor", "action", "subject", "device" })
            csv.WriteField(column);
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await csv.NextRecordAsync();
            csv.WriteField(entry.At.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            csv.WriteField(entry.ActorId);
            csv.WriteField(entry.ActorName);
            csv.WriteField($"{entry.Action}");
            csv.WriteField(entry.Subject);
            csv.WriteField(entry.Device);
        }

        await csv.NextRecordAsync();
    }

    private static DateTime? Parse(string moment) => DateTime.TryParse(
        moment, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var utc) ? utc : null;
}
