using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorChat.Markup.Embeds;

/// <summary>
/// The services that are shown in place. A new one is a line here: readers' pages may frame its host, and no other, by the same line.
/// </summary>
internal static class EmbedServices
{
    /// <summary>UTF-16 code units. A longer link stays one.</summary>
    private const int MaxAddress = 500;

    private const string YouTubeId = "(?<id>[A-Za-z0-9_-]{11})";
    private const string YouTubeStart = @"((?=\?([^#]*&)?(t|start)=((?<h>[0-9]{1,2})h)?((?<m>[0-9]{1,3})m)?((?<s>[0-9]{1,6})s?)?([&#]|\z))|)";
    private const string Degrees = @"-?[0-9]{1,3}(\.[0-9]{1,10})?";

    private static readonly EmbedService[] All =
    [
        new("YouTube", EmbedShape.Wide, $@"((m\.)?youtube\.com/(watch(?=\?([^#]*&)?v={YouTubeId}([&#]|\z))|live/{YouTubeId})|youtu\.be/{YouTubeId}){YouTubeStart}", "www.youtube-nocookie.com", link => $"/embed/{link["id"]}{StartAt(link)}"),
        new("YouTube", EmbedShape.Tall, $@"(m\.)?youtube\.com/shorts/{YouTubeId}", "www.youtube-nocookie.com", link => $"/embed/{link["id"]}"),
        new("Vimeo", EmbedShape.Wide, "vimeo\\.com/(?<id>[0-9]{1,12})", "player.vimeo.com", link => $"/video/{link["id"]}?dnt=1"),
        new("Vimeo", EmbedShape.Wide, "vimeo\\.com/(?<id>[0-9]{1,12})/(?<key>[0-9a-f]{6,16})", "player.vimeo.com", link => $"/video/{link["id"]}?dnt=1&h={link["key"]}"),
        new("Dailymotion", EmbedShape.Wide, @"(dailymotion\.com/video|dai\.ly)/(?<id>[a-zA-Z0-9]{5,20})", "geo.dailymotion.com", link => $"/player.html?video={link["id"]}"),
        new("TikTok", EmbedShape.Tall, @"tiktok\.com/@[A-Za-z0-9_.]{1,30}/video/(?<id>[0-9]{8,20})", "www.tiktok.com", link => $"/player/v1/{link["id"]}"),
        new("Spotify", EmbedShape.Sound, @"open\.spotify\.com/(intl-[a-z]{2}/)?(?<kind>track|episode)/(?<id>[A-Za-z0-9]{22})", "open.spotify.com", link => $"/embed/{link["kind"]}/{link["id"]}"),
        new("Spotify", EmbedShape.Playlist, @"open\.spotify\.com/(intl-[a-z]{2}/)?(?<kind>album|playlist|show|artist)/(?<id>[A-Za-z0-9]{22})", "open.spotify.com", link => $"/embed/{link["kind"]}/{link["id"]}"),
        new("X", EmbedShape.Post, @"(x|(mobile\.)?twitter)\.com/[A-Za-z0-9_]{1,15}/status/(?<id>[0-9]{1,20})(/(photo|video)/[0-9])?", "platform.twitter.com", link => $"/embed/Tweet.html?id={link["id"]}&dnt=true"),
        new("Bluesky", EmbedShape.Post, @"bsky\.app/profile/(?<who>did:plc:[a-z2-7]{24})/post/(?<id>[a-z2-7]{13})", "embed.bsky.app", link => $"/embed/{link["who"]}/app.bsky.feed.post/{link["id"]}"),
        new("Instagram", EmbedShape.Post, @"instagram\.com/([A-Za-z0-9_.]{1,30}/)?(?<kind>p|reel)/(?<id>[A-Za-z0-9_-]{5,40})", "www.instagram.com", link => $"/{link["kind"]}/{link["id"]}/embed/"),
        new("Datawrapper", EmbedShape.Chart, @"(datawrapper\.de/_|datawrapper\.dwcdn\.net)/(?<id>[A-Za-z0-9]{5})(/[0-9]{1,4})?", "datawrapper.dwcdn.net", link => $"/{link["id"]}/"),
        new("Flourish", EmbedShape.Chart, @"(public\.flourish\.studio|flo\.uri\.sh)/(?<kind>visualisation|story)/(?<id>[0-9]{1,12})(/embed)?", "flo.uri.sh", link => $"/{link["kind"]}/{link["id"]}/embed"),
        new("OpenStreetMap", EmbedShape.Wide, $@"openstreetmap\.org/(\?(?=([^#]*&)?mlat=(?<markLat>{Degrees})[&#])(?=([^#]*&)?mlon=(?<markLon>{Degrees})[&#])[^#]*)?#map=(?<zoom>[0-9]{{1,2}})(\.[0-9]+)?/(?<lat>{Degrees})/(?<lon>{Degrees})(&.*)?", "www.openstreetmap.org", ShowMap),
    ];

    /// <summary>All that readers' pages may frame.</summary>
    public static IReadOnlyList<string> Origins { get; } = [.. All.Select(service => service.Origin).Distinct()];

    /// <summary>The frame of a link; null for none.</summary>
    public static Embed? Find(string address) => address.Length > MaxAddress
        ? null
        : All.Select(service => service.Find(address)).FirstOrDefault(embed => embed is not null);

    private static string StartAt(GroupCollection link)
    {
        var seconds = (3_600 * Number(link["h"])) + (60 * Number(link["m"])) + Number(link["s"]);
        return seconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"?start={seconds}");
    }

    /// <summary>The part of the world that the link shows in a window of 640 by 360 pixels, at 256 pixels for the world at zoom 0.</summary>
    private static string? ShowMap(GroupCollection link)
    {
        var (zoom, lat, lon) = (Number(link["zoom"]), Coordinate(link["lat"]), Coordinate(link["lon"]));
        if (zoom > 19 || Math.Abs(lat) > 85 || Math.Abs(lon) > 180)
            return null;
        var degrees = 360 / (256 * Math.Pow(2, zoom));
        var (width, height) = (320 * degrees, 180 * degrees * Math.Cos(lat * Math.PI / 180));
        var marker = link["markLat"].Success ? $"&marker={link["markLat"]}%2C{link["markLon"]}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/export/embed.html?bbox={lon - width:0.#####}%2C{lat - height:0.#####}%2C{lon + width:0.#####}%2C{lat + height:0.#####}&layer=mapnik{marker}");
    }

    private static int Number(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static double Coordinate(Group degrees) => double.Parse(degrees.ValueSpan, CultureInfo.InvariantCulture);
}
