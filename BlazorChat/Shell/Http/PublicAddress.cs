using BlazorChat.Common;

namespace BlazorChat.Shell.Http;

/// <summary>
/// <c>Shell:PublicUrl</c>: where people reach this deployment. When it is set, each request counts as one to this address, whatever proxies
/// say of scheme and port; so links, feeds, cookies, origins and the relying party of passkeys follow it. A request to another host is
/// refused.
/// </summary>
internal static partial class PublicAddress
{
    /// <summary>Probes come by a node's own address.</summary>
    private const string Health = "/health";

    /// <summary>After the headers of proxies were read.</summary>
    /// <exception cref="InvalidOperationException">The setting is no address of a host.</exception>
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
            return context.Response.WriteAsync($"This is not served at the host that you asked for, but at {address}\n");
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
            : throw new InvalidOperationException($"Shell:PublicUrl: '{setting}' is no address like https://chat.example.org.");
    }

    [LoggerMessage(1, LogLevel.Warning,
        "A request to the host {Host} was refused: Shell:PublicUrl is {PublicUrl}. A proxy passes on Host, or sends X-Forwarded-Host and is named in Shell:Proxies")]
    private static partial void LogRefused(ILogger logger, string host, Uri publicUrl);
}
