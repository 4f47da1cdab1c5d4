using System.Text.Encodings.Web;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using BlazorChat.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BlazorChat.Accounts.Bots;

/// <summary>
/// Authenticates programs by their key: <c>Authorization: Bearer …</c>, or <c>access_token</c> in the query where a browser cannot set the
/// header. Only the entry points of programs accept keys.
/// </summary>
internal sealed class BotKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, BotKeys keys, AttemptLimit attempts, Origins origins)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "BotKey";

    private const string Bearer = "Bearer";

    private static readonly PathString[] EntryPoints = ["/ws", "/hubs", "/api", "/attachments", "/previews", "/emoji"];
    private static readonly PathString[] BrowserEntryPoints = ["/ws", "/hubs"];

    private RefusedException? _refused;

    /// <summary>The scheme of a request that carries a key at an entry point of programs; null for any other request.</summary>
    public static string? Choose(HttpContext context) => FindKey(context.Request) is null ? null : SchemeName;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindKey(Request) is not { } key)
            return AuthenticateResult.NoResult();
        if (await keys.FindAsync(key, Context.RequestAborted) is { } ticket)
            return AuthenticateResult.Success(ticket);
        // A page of another site must not use up the attempts of its visitor's address.
        if (!RequestOrigin.IsForeign(Request, origins))
            _refused = attempts.Acquire(Context.Connection.RemoteIpAddress);
        return AuthenticateResult.Fail("This key does not exist or is revoked.");
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        if (_refused is { } refused)
        {
            await new ErrorAnswer(refused).ExecuteAsync(Context);
            return;
        }

        Response.Headers.WWWAuthenticate = Bearer;
        var reason = result.Failure?.Message ?? "This needs a bot's key in the header Authorization: Bearer.";
        await new ErrorAnswer(StatusCodes.Status401Unauthorized, "unauthorized", reason).ExecuteAsync(Context);
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
