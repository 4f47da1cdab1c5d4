using System.Globalization;
using System.Text.Encodings.Web;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BlazorChat.Accounts.Bots;

/// <summary>
/// Lets programs in by their key: <c>Authorization: Bearer …</c>, or, where a browser cannot say that, <c>access_token</c> in
/// the query. Keys count at the entry points of programs only; pages ignore them.
/// </summary>
internal sealed class BotKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, BotKeys keys, AttemptLimit attempts, Origins origins)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "BotKey";

    private const string Bearer = "Bearer";

    private static readonly PathString[] EntryPoints = ["/ws", "/hubs", "/api", "/attachments"];
    private static readonly PathString[] BrowserEntryPoints = ["/ws", "/hubs"];

    private TimeSpan? _retryAfter;

    /// <summary>The scheme of a request that carries a key at an entry point of programs; null for any other request.</summary>
    public static string? Choose(HttpContext context) => FindKey(context.Request) is null ? null : SchemeName;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindKey(Request) is not { } key)
            return AuthenticateResult.NoResult();
        if (await keys.FindAsync(key, Context.RequestAborted) is { } ticket)
            return AuthenticateResult.Success(ticket);
        // A page of another site must not use up the attempts of its visitor's address.
        if (!RequestOrigin.IsForeign(Request, origins) && !attempts.TryAcquire(Context.Connection.RemoteIpAddress, out var retryAfter))
            _retryAfter = retryAfter;
        return AuthenticateResult.Fail("There is no such key, or no longer.");
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        if (_retryAfter is { } retryAfter)
        {
            var seconds = TooManyRequests.RoundUp(retryAfter);
            Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(StatusCodes.Status429TooManyRequests, "rate_limited", $"Too many wrong keys: wait {seconds} seconds.");
            return;
        }

        Response.Headers.WWWAuthenticate = Bearer;
        await RefuseAsync(
            StatusCodes.Status401Unauthorized,
            "unauthorized",
            result.Failure?.Message ?? "A bot's key is needed, in the header Authorization: Bearer.");
    }

    private Task RefuseAsync(int status, string code, string message)
    {
        Response.StatusCode = status;
        return Response.WriteAsJsonAsync(new ErrorFrame(code, message), ErrorFrameJson.Default.ErrorFrame);
    }

    private static string? FindKey(HttpRequest request)
    {
        if (!IsAt(EntryPoints, request))
            return null;
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (header.StartsWith($"{Bearer} ", StringComparison.OrdinalIgnoreCase))
            return header[(Bearer.Length + 1)..].Trim();
        return IsAt(BrowserEntryPoints, request) && request.Query.TryGetValue("access_token", out var token) ? token.ToString() : null;
    }

    private static bool IsAt(PathString[] entryPoints, HttpRequest request) =>
        Array.Exists(entryPoints, path => request.Path.StartsWithSegments(path));
}
