using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Bots;
using BlazorChat.Accounts.Confirmation;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Mail;
using BlazorChat.Accounts.Naming;
using BlazorChat.Accounts.Passwords;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Recovery;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Accounts.SignIn;
using BlazorChat.Accounts.Sites;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common.Sites;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts;

public static class AccountServices
{
    public static WebApplicationBuilder AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccountOptions>().BindConfiguration("Accounts").ValidateDataAnnotations().ValidateOnStart();
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, BotKeyHandler>(BotKeyHandler.SchemeName, null)
            .AddIdentityCookies();
        services.AddAuthorization();
        services.AddAdminPolicy();
        // Registered before Identity, which adds its own only when none is registered.
        services.AddScoped<IPasswordValidator<ChatUser>, PasswordRules>();
        services.AddScoped<IPasswordHasher<ChatUser>, ComposedPasswordHasher>();
        services.AddIdentityCore<ChatUser>(options =>
            {
                options.User.RequireUniqueEmail = true;
                // The user name is the email address, which may have any characters.
                options.User.AllowedUserNameCharacters = "";
                options.Lockout.MaxFailedAccessAttempts = 5;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddRoles<IdentityRole<int>>()
            .AddEntityFrameworkStores<ChatDbContext>()
            .AddUserValidator<DisplayNameValidator>()
            .AddClaimsPrincipalFactory<ChatClaimsFactory>()
            .AddErrorDescriber<AccountErrors>()
            .AddSignInManager<ChatSignInManager>()
            .AddDefaultTokenProviders();
        services.AddOptions<SecurityStampValidatorOptions>().Configure<IOptions<AccountOptions>>(
            (stamps, accounts) =>
            {
                stamps.ValidationInterval = accounts.Value.RevalidationInterval;
                stamps.OnRefreshingPrincipal = CopySessionAsync;
            });
        services.ConfigureApplicationCookie(options =>
        {
            options.Cookie.Name = "blazorchat";
            options.LoginPath = "/account/login";
            options.LogoutPath = "/account/logout";
            options.AccessDeniedPath = "/account/denied";
            options.ReturnUrlParameter = "returnUrl";
            options.ExpireTimeSpan = SessionStore.Lifetime;
            options.ForwardDefaultSelector = BotKeyHandler.Choose;
            options.Events.OnValidatePrincipal = ValidateWhenDueAsync;
            // SignInRedirect redirects. The framework would fail on an address that is not ASCII.
            options.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
            options.Events.OnCheckSlidingExpiration = CookieRenewal.OnCheckSlidingExpiration;
        });
        services.AddSessions();
        services.AddPresence();
        services.AddSite();
        services.AddScoped<AuthenticationStateProvider, CircuitAuthentication>();
        // By default the framework sends this cookie without Secure over https.
        services.AddAntiforgery(options => options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
        services.AddSingleton<AttemptLimit>();
        services.AddSingleton<RegistrationLimit>();
        services.AddSingleton<Confirmations>();
        services.AddScoped<TwoFactorKeys>();
        services.AddSingleton<FirstRun>();
        services.AddScoped<AccountRegistration>();
        services.AddSingleton<BotKeys>();
        services.AddCommandLimit();
        services.AddSingleton<HandleChange>();
        services.AddPreferences();
        services.AddHostedService<AuditSweep>();
        services.AddHostedService<HandleAssignment>();
        services.AddScoped<SignInRedirect>();
        services.AddSingleton<PasswordResets>();
        services.AddSingleton<IMailWriter>(provider => provider.GetRequiredService<PasswordResets>());
        services.AddSingleton<Invitations>();
        return builder;
    }

    internal static void AddSessions(this IServiceCollection services)
    {
        services.AddEvents(SessionEventsJson.Default);
        services.AddSingleton<SessionDirectory>();
        services.AddSingleton<SessionCache>();
        services.AddSingleton<AdminRights>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignInTickets>();
        services.AddSingleton<IScopeSessions>(provider => provider.GetRequiredService<SessionStore>());
        services.AddHostedService<SessionWatch>();
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<SessionStore>((cookie, store) => cookie.SessionStore = store);
    }

    internal static void AddSite(this IServiceCollection services)
    {
        services.AddEvents(SiteEventsJson.Default);
        services.AddSingleton<CurrentSite>();
        services.AddSingleton<SiteReader>();
        services.AddHostedService<SiteWatch>();
    }

    internal static void AddPreferences(this IServiceCollection services)
    {
        services.AddEvents(PreferenceEventsJson.Default);
        services.AddSingleton<NotificationPreferences>();
        services.AddSingleton<PersonLanguage>();
        services.AddEvents(StatusEventsJson.Default);
        services.AddSingleton<PeopleStatus>();
    }

    /// <summary>
    /// Identity checks the interval too, but creates its managers first, and a socket or circuit holds the services of its request until it ends.
    /// </summary>
    private static async Task ValidateWhenDueAsync(CookieValidatePrincipalContext context)
    {
        var interval = context.HttpContext.RequestServices.GetRequiredService<IOptions<SecurityStampValidatorOptions>>().Value.ValidationInterval;
        var now = context.Options.TimeProvider?.GetUtcNow() ?? TimeProvider.System.GetUtcNow();
        if (context.Properties.IssuedUtc is { } issued && now - issued <= interval)
            return;
        await SecurityStampValidator.ValidatePrincipalAsync(context);
        await CookieRenewal.RenewWithoutCookieAsync(context, now);
    }

    /// <summary>Identity creates the new claims without the session.</summary>
    private static Task CopySessionAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.CurrentPrincipal?.FindFirst(ConnectionRegistry.SessionClaim) is { } session)
            ((ClaimsIdentity)context.NewPrincipal!.Identity!).AddClaim(session.Clone());
        return Task.CompletedTask;
    }

    public static WebApplication UseAccounts(this WebApplication app)
    {
        app.UseRouting();
        app.UseAdmission();
        app.UseFirstRunGate();
        app.UseAuthentication();
        app.UsePersonLanguage();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseExpiredForms();
        app.UseConfirmationGate();
        return app;
    }
}
