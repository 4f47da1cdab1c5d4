using BlazorChat.Admin.Audit;
using BlazorChat.Admin.HealthChecks;
using BlazorChat.Admin.Layout;
using BlazorChat.Admin.Settings;

namespace BlazorChat.Admin;

public static class AdminServices
{
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<People>();
        builder.Services.AddScoped<BotDirectory>();
        builder.Services.AddScoped<Jobs>();
        builder.Services.AddSingleton<InvitationMails>();
        builder.Services.AddSingleton<SiteDefaults>();
        builder.Services.AddSingleton<FirstSteps>();
        builder.Services.AddSingleton<SiteEditor>();
        builder.Services.AddSingleton<AuditReader>();
        builder.Services.AddSingleton<SiteHealth>();
        return builder;
    }

    public static WebApplication MapAdmin(this WebApplication app)
    {
        app.MapAudit();
        app.MapOldAddresses();
        return app;
    }
}
