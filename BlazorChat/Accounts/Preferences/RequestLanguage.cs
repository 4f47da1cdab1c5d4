using System.Globalization;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common.Localization;
using Microsoft.AspNetCore.Components.Endpoints;

namespace BlazorChat.Accounts.Preferences;

/// <summary>
/// Sets the language of a request, and with it that of its circuit or connection: the one that the signed-in person chose, else the first of
/// <c>Accept-Language</c> (RFC 9110, section 12.5.4) that the site speaks. A cookie holds the choice for the pages of a browser that is signed out.
/// </summary>
internal static class RequestLanguage
{
    public const string CookieName = "language";

    private static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(365);

    /// <summary>Call it first, so that refusals before the authentication are in the reader's language.</summary>
    public static void UseRequestLanguage(this WebApplication app) => app.Use((context, next) =>
    {
        SiteLanguages.Use(SiteLanguages.Find(context.Request.Cookies[CookieName]) ?? Preferred(context.Request));
        return next(context);
    });

    /// <summary>Call it after the authentication.</summary>
    public static void UsePersonLanguage(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.User.IsSignedIn)
            UseChoice(context, SiteLanguages.Find(context.User.Language));
        return next(context);
    });

    /// <summary>Stores the choice of a person in their browser.</summary>
    /// <param name="choice">Null for none.</param>
    public static void Remember(HttpContext context, CultureInfo? choice)
    {
        var options = new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = CookieLifetime,
        };
        if (choice is null)
            context.Response.Cookies.Delete(CookieName, options);
        else
            context.Response.Cookies.Append(CookieName, choice.Name, options);
    }

    private static void UseChoice(HttpContext context, CultureInfo? choice)
    {
        // A person who was signed in here before may have left a cookie.
        var known = context.Request.Cookies[CookieName];
        if (known == choice?.Name)
            return;
        SiteLanguages.Use(choice ?? Preferred(context.Request));
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            Remember(context, choice);
    }

    private static CultureInfo Preferred(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage;
        return accepted.Where(language => language.Quality is not 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => SiteLanguages.Find(language.Value.AsSpan()))
            .FirstOrDefault(language => language is not null) ?? SiteLanguages.Default;
    }
}
