using BlazorChat.Channels.Admission;

namespace BlazorChat.Accounts.Rights;

/// <summary>
/// Whose page made a request. Browsers say so in <c>Sec-Fetch-Site</c>, whatever host a proxy writes into the request, and older
/// ones by the header <c>Origin</c>; a program says neither.
/// </summary>
internal static class RequestOrigin
{
    private const string SecFetchSite = "Sec-Fetch-Site";
    private const string SameOrigin = "same-origin";

    /// <summary>True when it was made by a page of another site, a sibling domain's included.</summary>
    public static bool IsForeign(HttpRequest request, Origins origins)
    {
        var site = request.Headers[SecFetchSite].ToString();
        if (site is SameOrigin or "none")
            return false;
        var hasOrigin = request.Headers.Origin.Count > 0;
        return hasOrigin ? !origins.Allows(request) : site.Length > 0;
    }

    /// <summary>True when it was certainly made by a page of this site.</summary>
    public static bool IsOurs(HttpRequest request, Origins origins) => request.Headers[SecFetchSite].ToString() switch
    {
        SameOrigin => true,
        "" => request.Headers.Origin.Count > 0 && origins.Allows(request),
        _ => false,
    };
}
