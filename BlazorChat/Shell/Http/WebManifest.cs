using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Sites;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorChat.Shell.Http;

/// <summary><c>/manifest.webmanifest</c>: how the site appears as an installed app (https://www.w3.org/TR/appmanifest/).</summary>
internal static class WebManifest
{
    public const string Path = "/manifest.webmanifest";

    private const string LanguageParameter = "lang";

    /// <summary>The address of the manifest in the reader's language. Browsers ask for it without cookies.</summary>
    public static string Address => $"{Path}?{LanguageParameter}={SiteLanguages.Current}";

    /// <summary>The background of the light theme: a manifest has one colour. The page has both.</summary>
    public const string LightColour = "#ffffff";

    public const string DarkColour = "#16181d";

    private static readonly WebManifestJson Json = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    });

    public static void MapWebManifest(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], Serve).WithMetadata(new CacheableEndpointAttribute());

    private static JsonHttpResult<Manifest> Serve(HttpRequest request, HttpResponse response, CurrentSite site)
    {
        if (SiteLanguages.Find(request.Query[LanguageParameter].ToString()) is { } language)
            SiteLanguages.Use(language);
        response.Headers.Vary = "Accept-Language, Cookie";
        response.Headers.CacheControl = "public, max-age=3600";
        var name = site.Name;
        return TypedResults.Json(
            new Manifest
            {
                Name = name,
                ShortName = name,
                Description = ShellTexts.Get("AppDescription").ToString(),
                Lang = SiteLanguages.Current,
                Icons = IconsOf(site.View),
                Shortcuts =
                [
                    new Shortcut(ShellTexts.Get("ShortcutUnread").ToString(), "/unread"),
                    new Shortcut(ShellTexts.Get("ShortcutMentions").ToString(), "/mentions"),
                    new Shortcut(ShellTexts.Get("ShortcutRooms").ToString(), "/"),
                ],
            },
            Json.Manifest,
            contentType: "application/manifest+json");
    }

    private static IReadOnlyList<Icon> IconsOf(SiteView site) =>
    [
        .. site.LogoId is null ? [new Icon("/icon.svg", "any", "image/svg+xml", "any")] : Array.Empty<Icon>(),
        Png(site, "192", "icon-192", 192, "any"),
        Png(site, "512", "icon-512", 512, "any"),
        Png(site, "maskable-192", "maskable-192", 192, "maskable"),
        Png(site, "maskable-512", "maskable-512", 512, "maskable"),
    ];

    /// <param name="logo">The name among the icons of a logo.</param>
    /// <param name="own">The name of the product's file.</param>
    private static Icon Png(SiteView site, string logo, string own, int size, string purpose) =>
        new($"/{site.LogoAddress(logo) ?? $"icons/{own}.png"}", $"{size}x{size}", "image/png", purpose);

    internal sealed record Manifest
    {
        public string Id { get; } = "/";

        public required string Name { get; init; }

        public required string ShortName { get; init; }

        public required string Description { get; init; }

        public required string Lang { get; init; }

        public string StartUrl { get; } = "/";

        public string Scope { get; } = "/";

        public string Display { get; } = "standalone";

        public string BackgroundColor { get; } = LightColour;

        public string ThemeColor { get; } = LightColour;

        public required IReadOnlyList<Icon> Icons { get; init; }

        public required IReadOnlyList<Shortcut> Shortcuts { get; init; }
    }

    internal sealed record Icon(string Src, string Sizes, string Type, string Purpose);

    internal sealed record Shortcut(string Name, string Url);
}

[JsonSerializable(typeof(WebManifest.Manifest))]
internal sealed partial class WebManifestJson : JsonSerializerContext;
