using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Layer.Envelopes;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Shell.Circuits;
using BlazorChat.Shell.Http;
using BlazorChat.Shell.Jump;
using BlazorChat.Shell.Layout;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.SignalR;
using MudBlazor;
using MudBlazor.Services;

namespace BlazorChat.Shell;

public static class ShellServices
{
    /// <summary>Bytes. The first message of a circuit has the page's state: its list of rooms and its newest messages.</summary>
    private const int MaxHubMessage = 256 * 1024;

    /// <summary>Connections are closed, accepted writes are committed, and the process ends, within ten seconds together.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(8);

    public static WebApplicationBuilder AddShell(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub =>
            {
                hub.MaximumReceiveMessageSize = MaxHubMessage;
                hub.AddFilter<CircuitStart>();
            })
            .RegisterPersistentService<ReaderTimeZone>(RenderMode.InteractiveServer);
        builder.Services.LogTooLongMessages(MaxHubMessage);
        builder.Services.AddCascadingAuthenticationState();
        ScriptCallTypes.AddTo(builder.Services);
        builder.Services.AddMudServices();
        builder.Services.AddTransient<MudLocalizer, ControlLocalizer>();
        builder.Services.AddScoped<DialogsOnDemand>();
        builder.Services.AddScoped<IDialogService>(provider => provider.GetRequiredService<DialogsOnDemand>());
        builder.Services.AddTexts();
        builder.Services.AddScoped<ReaderTimeZone>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ILayerSecret, StoredLayerSecret>();
        builder.AddPageSecurityHeaders();
        builder.Services.AddSingleton<CircuitStart>();
        builder.Services.AddScoped<CircuitHandler, CircuitLanguage>();
        builder.Services.AddSingleton<JumpTargets>();
        builder.Services.AddHealth();
        builder.Services.AddProxies(builder.Configuration["Shell:Proxies"]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        return builder;
    }

    /// <summary>The middleware before authentication.</summary>
    public static WebApplication UseShell(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UsePublicAddress();
        app.UseRequestLanguage();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            CreateScopeForErrors = true,
            StatusCodeSelector = exception => DiskFull.Is(exception) ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status500InternalServerError,
            // The log has a line on it each minute.
            SuppressDiagnosticsCallback = failed => DiskFull.Is(failed.Exception),
        });
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        return app;
    }

    /// <summary>The middleware after routing.</summary>
    public static WebApplication UsePages(this WebApplication app)
    {
        app.UseMiddleware<PageHead>();
        return app;
    }

    public static WebApplication MapShell(this WebApplication app)
    {
        app.MapStaticAssets().WithMetadata(new CacheableEndpointAttribute());
        app.MapHealth();
        app.MapWebManifest();
        app.MapJump();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(
                circuits => circuits.DisableWebSocketCompression = !app.Configuration.GetValue("Shell:Compression", defaultValue: false))
            .Add(page =>
            {
                PageHead.Allow(page);
                AdmitCircuits(page);
            });
        return app;
    }

    /// <summary>Blazor maps the addresses of circuits itself, beside those of pages.</summary>
    private static void AdmitCircuits(EndpointBuilder endpoint)
    {
        if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } path } && path.Trim('/') is "_blazor" or "_blazor/negotiate")
            endpoint.Admit(AdmissionKind.Connection);
    }
}
