using BlazorChat.Channels.Admission;

namespace BlazorChat.Accounts.Rights;

/// <summary>
/// The site of the page that made a request. Browsers send it in <c>Sec-Fetch-Site</c>, which does not depend on the host that a proxy
/// forwards; older browsers send the header <c>Origin</c>; programs send neither.
/// </summary>
internal static class RequestOrigin
{
    private const string SecFetchSite = "Sec-Fetch-Site";
    private const string SameOrigin = "same-origin";

    /// <summary>Whether a page of another site, such as a sibling domain, made the request.</summary>
    public static bool IsForeign(HttpRequest request, Origins origins)
    {
        var site = request.Headers[SecFetchSite].ToString();
        if (site is SameOrigin or "none")
            return false;
        var hasOrigin = request.Headers.Origin.Count > 0;
        return hasOrigin ? !origins.Allows(request) : site.Length > 0;
    }

    /// <summary>Whether a page of this site certainly made the request.</summary>
    public static bool IsOurs(HttpRequest request, Origins origins) => request.Headers[SecFetchSite].ToString() switch
    {
        SameOrigin => true,
        "" => request.Headers.Origin.Count > 0 && origins.Allows(request),
        _ => false,
    };
}
