using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Serving;
using BlazorChat.Common.Sites;

namespace BlazorChat.Attachments.Logo;

/// <summary>Serves the icons of the logo, and the stylesheet of the accent, to everybody. Their addresses name what they are, so browsers store them.</summary>
internal static class LogoEndpoints
{
    private const string Immutable = "public, max-age=31536000, immutable";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapSite(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/site/logo/{id:guid}/{icon}.png", Methods, ServeAsync).ServesFiles().WithMetadata(new CacheableEndpointAttribute());
        endpoints.MapMethods("/site/accent/{color:length(6)}.css", Methods, Style).WithMetadata(new CacheableEndpointAttribute());
    }

    /// <summary>The address of an earlier logo redirects to the current one, which open pages and installed apps may still name.</summary>
    private static async Task<IResult> ServeAsync(HttpContext context, Guid id, string icon, LogoStore logos, LogoIcons icons, CurrentSite site)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (LogoIcon.Find(icon) is not { } known)
            return TypedResults.NotFound();
        if (await logos.FindAsync(id, context.RequestAborted) is not { } hash)
            return site.View.LogoId != id && site.View.LogoAddress(icon) is { } current ? TypedResults.LocalRedirect($"~/{current}") : TypedResults.NoContent();
        if (await icons.OpenAsync(hash, known, context.RequestAborted) is not { } content)
            return TypedResults.NoContent();
        context.Response.Headers.CacheControl = Immutable;
        return TypedResults.Stream(content, "image/png");
    }

    private static IResult Style(HttpResponse response, string color)
    {
        if (SiteColor.TryParse($"#{color}") is not { } accent || !AccentColors.IsReadable(accent))
            return TypedResults.NotFound();
        response.Headers.CacheControl = Immutable;
        return TypedResults.Text(AccentColors.ToCss(accent), "text/css");
    }
}
