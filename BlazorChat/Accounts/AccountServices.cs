using BlazorChat.Data;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts;

public static class AccountServices
{
    public static WebApplicationBuilder AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        builder.Services.AddAuthorization();
        builder.Services.AddIdentityCore<ChatUser>()
            .AddRoles<IdentityRole<int>>()
            .AddEntityFrameworkStores<ChatDbContext>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        return builder;
    }

    public static WebApplication UseAccounts(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        return app;
    }

    public static WebApplication MapAccounts(this WebApplication app) => app;
}
