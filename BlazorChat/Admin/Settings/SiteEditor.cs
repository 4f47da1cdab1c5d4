using System.Globalization;
using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sites;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;
using BlazorChat.Common.Sites;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin.Settings;

/// <summary>What an admin has typed.</summary>
/// <param name="Version">Of the settings that the admin has seen.</param>
/// <param name="Name">That of the product is stored as none.</param>
/// <param name="Accent">As <c>#rrggbb</c>; null for the color of the product.</param>
internal sealed record SiteDraft(int Version, string Name, string? Accent, string WelcomeText);

/// <summary>The settings that an admin has chosen.</summary>
/// <param name="Version">Of the settings that the admin has seen.</param>
internal sealed record RulesDraft(int Version, RegistrationMode Registration, bool OnlyAdminsCreateRooms, bool LinkPreviews, int MaxUploadMegabytes);

/// <summary>Changes how the site presents itself. Each command checks the right in the database, and reaches all nodes.</summary>
internal sealed partial class SiteEditor(
    IDbContextFactory<ChatDbContext> databases, SiteReader reader, SiteDefaults defaults, TimeProvider time, ILogger<SiteEditor> logger)
{
    /// <exception cref="RefusedException">
    /// The user is no admin; the name is invisible or too long, the text too long, the accent no color or too light; or another admin has changed the settings since.
    /// </exception>
    public async Task SaveAsync(ClaimsPrincipal admin, SiteDraft draft, CancellationToken cancellationToken)
    {
        var name = CleanName(draft.Name);
        var accent = CleanAccent(draft.Accent);
        var welcome = draft.WelcomeText.ReplaceLineEndings("\n").Trim();
        if (welcome.Length > SiteSettings.MaxWelcomeLength || !PlainText.IsWellFormed(welcome))
            throw new RefusedException(RefusalCode.Invalid, AdminTexts.Get("WelcomeTooLong", SiteSettings.MaxWelcomeLength));
        var now = time.GetUtcNow().UtcDateTime;
        await ChangeAsync(
            admin,
            name ?? "",
            now,
            (db, token) => db.SiteSettings.Where(site => site.Id == SiteSettings.OnlyId && site.Version == draft.Version).ExecuteUpdateAsync(
                site => site
                    .SetProperty(s => s.Name, name)
                    .SetProperty(s => s.Accent, accent)
                    .SetProperty(s => s.WelcomeText, welcome)
                    .SetProperty(s => s.UpdatedAt, now)
                    .SetProperty(s => s.Version, s => s.Version + 1),
                token),
            cancellationToken);
    }

    /// <exception cref="RefusedException">
    /// The user is no admin; the size of files is beyond the configuration; or another admin has changed the settings since.
    /// </exception>
    public async Task SaveRulesAsync(ClaimsPrincipal admin, RulesDraft draft, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(draft.Registration) || draft.MaxUploadMegabytes < 1 || draft.MaxUploadMegabytes > defaults.MaxUploadMegabytes)
            throw new RefusedException(RefusalCode.Invalid, AdminTexts.Get("MaxUploadHint", defaults.MaxUploadMegabytes));
        var now = time.GetUtcNow().UtcDateTime;
        // What is as the configuration has it follows the configuration.
        int? registration = draft.Registration == defaults.RegistrationOf(new SiteRules()) ? null : (int)draft.Registration;
        bool? previews = draft.LinkPreviews == defaults.LinkPreviews ? null : draft.LinkPreviews;
        long? maxSize = draft.MaxUploadMegabytes == defaults.MaxUploadMegabytes ? null : draft.MaxUploadMegabytes * SiteDefaults.Megabyte;
        await ChangeAsync(
            admin,
            "",
            now,
            (db, token) => db.SiteSettings.Where(site => site.Id == SiteSettings.OnlyId && site.Version == draft.Version).ExecuteUpdateAsync(
                site => site
                    .SetProperty(s => s.Registration, registration)
                    .SetProperty(s => s.OnlyAdminsCreateRooms, draft.OnlyAdminsCreateRooms)
                    .SetProperty(s => s.LinkPreviews, previews)
                    .SetProperty(s => s.MaxUploadSize, maxSize)
                    .SetProperty(s => s.UpdatedAt, now)
                    .SetProperty(s => s.Version, s => s.Version + 1),
                token),
            cancellationToken);
    }

    private async Task ChangeAsync(
        ClaimsPrincipal admin, string subject, DateTime now, Func<ChatDbContext, CancellationToken, Task<int>> change, CancellationToken cancellationToken)
    {
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.CheckAdminAsync(admin, token);
                if (await change(db, token) == 0)
                    throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("SiteConflict"));
                await db.AuditAsync(admin, AuditAction.SiteChanged, subject, now, token);
                return true;
            },
            cancellationToken);
        await reader.PublishChangeAsync();
        LogChanged(admin.UserId);
    }

    private static string? CleanName(string typed)
    {
        if (NameText.FindProblem(typed) is { } problem)
            throw new RefusedException(RefusalCode.Invalid, problem);
        var name = NameText.Clean(typed);
        return name.Length <= SiteSettings.MaxNameLength && new StringInfo(name).LengthInTextElements <= SiteSettings.MaxNameLength
            ? name == CommonTexts.Get("AppName").ToString() ? null : name
            : throw new RefusedException(RefusalCode.Invalid, AdminTexts.Get("SiteNameTooLong", SiteSettings.MaxNameLength));
    }

    private static string? CleanAccent(string? typed)
    {
        if (typed is null)
            return null;
        if (SiteColor.TryParse(typed) is not { } accent)
            throw new RefusedException(RefusalCode.Invalid, AdminTexts.Get("AccentInvalid", "#4338ca"));
        if (AccentColors.IsReadable(accent))
            return accent.ToString();
        throw new RefusedException(RefusalCode.Invalid, AdminTexts.Get(
            "AccentTooLight",
            AccentColors.Format(AccentColors.ContrastOf(accent)),
            AccentColors.Format(AccentColors.MinContrast),
            AccentColors.Nearest(accent)));
    }

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has changed the settings of the site")]
    private partial void LogChanged(int adminId);
}
