using BlazorChat.Accounts.Rights;

namespace BlazorChat.Admin.Layout;

/// <summary>Where pages of admins were before they had a frame; links to them stay valid.</summary>
internal static class OldAddresses
{
    private static readonly IReadOnlyDictionary<string, string> Moved = new Dictionary<string, string>
    {
        ["/admin"] = "/admin/people",
        ["/account/people"] = "/admin/people",
        ["/account/invitation"] = "/admin/invitations",
        ["/account/bots"] = "/admin/bots",
        ["/account/emoji"] = "/admin/emoji",
        ["/account/jobs"] = "/admin/jobs",
    };

    public static void MapOldAddresses(this IEndpointRouteBuilder app)
    {
        foreach (var (old, address) in Moved)
            app.MapGet(old, () => TypedResults.LocalRedirect($"~{address}")).RequireAuthorization(AdminRights.Policy);
    }
}
