using BlazorChat.Common.Localization;

namespace BlazorChat.Admin.Layout;

/// <param name="Address">The page, from the application's root.</param>
internal sealed record AdminSection(string Address, LocalText Name);

/// <summary>The pages of admins, in the order in which their frame lists them.</summary>
internal static class AdminSections
{
    public static readonly IReadOnlyList<AdminSection> All =
    [
        new("admin/people", AdminTexts.Get("People")),
        new("admin/invitations", AdminTexts.Get("Invitations")),
        new("admin/bots", AdminTexts.Get("Bots")),
        new("admin/emoji", AdminTexts.Get("Emoji")),
        new("admin/jobs", AdminTexts.Get("Jobs")),
        new("admin/reports", AdminTexts.Get("Reports")),
        new("admin/audit", AdminTexts.Get("AuditLog")),
        new("admin/settings", AdminTexts.Get("Settings")),
        new("admin/health", AdminTexts.Get("Health")),
    ];
}
