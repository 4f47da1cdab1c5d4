using System.Globalization;
using BlazorChat.Rooms.Search;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoint for scripts: a request with a bot's key searches the messages that the bot may read. See docs/protocol.md.</summary>
internal sealed class SearchApi(RoomSearch search)
{
    public async Task<IResult> GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!query.TryGetValue("q", out var words))
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The parameter q is missing.");
        var page = await search.FindAsync(
            context.User,
            words.ToString(),
            Read(query, "room", ParseId),
            Read(query, "after", SearchCursor.Parse),
            TimeZoneInfo.Utc,
            context.RequestAborted);
        return TypedResults.Json(ChatSearchPage.From(page), ApiFramesJson.Default.ChatSearchPage);
    }

    private static T? Read<T>(IQueryCollection query, string name, Func<string, T?> parse)
        where T : struct =>
        !query.TryGetValue(name, out var value) ? null
        : parse(value.ToString()) ?? throw new ApiRefusedException(StatusCodes.Status400BadRequest, "malformed", $"The parameter {name} is malformed.");

    private static int? ParseId(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
