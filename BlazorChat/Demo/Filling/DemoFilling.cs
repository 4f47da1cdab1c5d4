using System.Diagnostics;
using System.Globalization;
using BlazorChat.Admin.Settings;
using BlazorChat.Attachments.Emoji;
using BlazorChat.Common.Sites;
using BlazorChat.Demo.Drawing;
using BlazorChat.Demo.Scenes;
using BlazorChat.Demo.Team;

namespace BlazorChat.Demo.Filling;

/// <summary>
/// Fills an empty demo before the site listens. Everything is written by the services of the app, in the order of its times, while the
/// clock of the demo shows that time.
/// </summary>
internal sealed partial class DemoFilling(
    DemoFolder folder,
    DemoClock clock,
    TeamAccounts accounts,
    RoomScenes rooms,
    LiveblogScenes liveblogs,
    CustomEmojiStore emoji,
    SiteEditor site,
    CurrentSite current,
    IgnoredSettings ignored,
    ILogger<DemoFilling> logger) : IHostedService
{
    /// <summary>The team is as old.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromDays(12);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (ignored.Names.Count > 0)
            LogIgnored(string.Join(", ", ignored.Names));
        if (folder.IsFilled)
            return;
        var started = Stopwatch.GetTimestamp();
        try
        {
            await FillAsync(clock.GetUtcNow(), cancellationToken);
        }
        finally
        {
            clock.Release();
        }

        folder.MarkFilled();
        LogFilled(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task FillAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Names that the app gives are English, like most of the demo.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        // It is drawn while the accounts are created.
        _ = Task.Run(Drawings.Harbor, cancellationToken);
        clock.Set(now - Age);
        await accounts.CreateAsync(cancellationToken);
        var cast = await accounts.FindAsync(cancellationToken);
        // Pictures take as long as texts.
        await Task.WhenAll(Task.Run(() => accounts.DescribeAsync(cast, cancellationToken), cancellationToken), WriteAsync(now, cast, cancellationToken));
    }

    private async Task WriteAsync(DateTimeOffset now, Cast cast, CancellationToken cancellationToken)
    {
        var admin = cast[DemoTeam.Admin.Key].Principal;
        await site.SaveAsync(admin, new SiteDraft(current.View.Version, DemoTeam.SiteName, Accent: null, WelcomeText: ""), cancellationToken);
        var sail = Drawings.Sail();
        using (var picture = new MemoryStream(sail))
            await emoji.AddAsync(admin, "regatta", "regatta.png", picture, sail.Length, cancellationToken);

        var scenes = SceneReader.ReadAll(now, clock.LocalTimeZone);
        Dictionary<Scene, int> ids = [];
        foreach (var scene in scenes.Where(scene => scene.Kind != SceneKind.Liveblog))
            ids[scene] = await rooms.CreateAsync(scene, cast, cancellationToken);
        var lines = from scene in scenes from line in scene.Lines orderby line.At select (scene, line);
        foreach (var (scene, line) in lines)
        {
            clock.Set(line.At);
            if (scene.Kind != SceneKind.Liveblog)
            {
                await rooms.WriteAsync(ids[scene], line, cast, cancellationToken);
                continue;
            }

            if (!ids.ContainsKey(scene))
                ids[scene] = await liveblogs.CreateAsync(scene, cast, cancellationToken);
            await liveblogs.WriteAsync(ids[scene], line, cast, cancellationToken);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The demo is filled ({Seconds:F1} s). Open its address and choose who you are; nothing of it leaves this machine.")]
    private partial void LogFilled(double seconds);

    [LoggerMessage(2, LogLevel.Warning, "A demo reaches no other system, so these settings are ignored: {Names}")]
    private partial void LogIgnored(string names);
}
