using BlazorChat.Common;

namespace BlazorChat.Shell.Http;

/// <summary>
/// <c>Shell:PublicUrl</c>: the address at which people reach this server. When it is set, it replaces the scheme and port that proxies report
/// for a request, so links, feeds, cookies, origins and the relying party of passkeys use it. A request to another host is refused.
/// </summary>
internal static partial class PublicAddress
{
    /// <summary>Probes use the address of a node.</summary>
    private const string Health = "/health";

    /// <summary>Call it after the headers of proxies are read.</summary>
    /// <exception cref="InvalidOperationException">The setting is not the address of a host.</exception>
    public static void UsePublicAddress(this WebApplication app)
    {
        if (Read(app.Configuration["Shell:PublicUrl"]) is not { } address)
            return;
        var host = HostString.FromUriComponent(address);
        var log = new OncePerMinute(app.Services.GetRequiredService<TimeProvider>());
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (string.Equals(request.Host.Host, host.Host, StringComparison.OrdinalIgnoreCase))
            {
                (request.Scheme, request.Host) = (address.Scheme, host);
                return next(context);
            }

            if (request.Path.StartsWithSegments(Health))
                return next(context);
            if (log.TryCount(out _))
                LogRefused(app.Logger, request.Host.Value ?? "", address);
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return context.Response.WriteAsync($"{ShellTexts.Get("WrongHost", address)}\n");
        });
    }

    internal static Uri? Read(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return null;
        return Uri.TryCreate(setting, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? address
            : throw new InvalidOperationException($"Shell:PublicUrl: '{setting}' is not an address like https://chat.example.org.");
    }

    [LoggerMessage(1, LogLevel.Warning,
        "A request to the host {Host} was refused: Shell:PublicUrl is {PublicUrl}. A proxy must forward Host, or send X-Forwarded-Host and be named in Shell:Proxies")]
    private static partial void LogRefused(ILogger logger, string host, Uri publicUrl);
}
