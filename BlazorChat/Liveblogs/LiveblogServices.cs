using BlazorChat.Accounts.Limits;
using BlazorChat.Attachments.Rights;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common.Components;
using BlazorChat.Feeds;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Layout;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Liveblogs.Search;
using BlazorChat.Liveblogs.Streaming;
using BlazorChat.Liveblogs.Syndication;

namespace BlazorChat.Liveblogs;

public static class LiveblogServices
{
    /// <summary>Bytes of the list in the drawer.</summary>
    private const int MaxListState = 8 * 1024;

    public static WebApplicationBuilder AddLiveblogs(this WebApplicationBuilder builder)
    {
        builder.Services.AddLiveblogs();
        ReaderAntiforgery.AddTo(builder.Services);
        builder.Services.AddOutputCache(cache =>
        {
            cache.SizeLimit = LiveblogCache.SizeLimit;
            cache.AddPolicy(LiveblogCache.Policy, policy => policy.AddPolicy<LiveblogCache>(), excludeDefaultPolicy: true);
        });
        return builder;
    }

    /// <summary>Call it after the authentication: pages of signed-in readers are not cached.</summary>
    public static WebApplication UseLiveblogs(this WebApplication app)
    {
        app.UseOutputCache();
        return app;
    }

    public static WebApplication MapLiveblogs(this WebApplication app)
    {
        app.MapConsumer<AllLiveblogsConsumer>("/ws/liveblog/");
        app.MapConsumer<LiveblogSocketConsumer>("/ws/liveblog/{slug}/");
        app.MapConsumer<LiveblogStreamConsumer>("/liveblogs/{slug}/events");
        app.MapAtom();
        app.MapSitemap();
        return app;
    }

    internal static IServiceCollection AddLiveblogs(this IServiceCollection services)
    {
        services.AddCommandLimit();
        services.AddEvents(LiveblogEventsJson.Default);
        services.AddFeed<LiveblogChanged, LiveblogFeed>();
        services.AddPageState<IReadOnlyList<LiveblogView>>(MaxListState);
        services.AddSingleton<LiveblogSearchFollower>().AddHostedService(provider => provider.GetRequiredService<LiveblogSearchFollower>());
        services.AddSingleton<LiveblogSearch>();
        services.AddSingleton<LiveblogWriter>();
        services.AddSingleton<LiveblogDirectory>();
        services.AddSingleton<LiveblogLifecycle>();
        services.AddSingleton<LiveblogPosts>();
        services.AddSingleton<PostEditing>();
        services.AddSingleton<DraftPublisher>();
        services.AddSingleton<LiveblogDrafts>();
        services.AddSingleton<LiveblogEditors>();
        services.AddSingleton<IAttachmentOwner, LiveblogAttachments>();
        services.AddHostedService<LiveblogSchedule>();
        services.AddSingleton<LiveblogFollower>();
        return services.AddSingleton<LiveblogFrames>();
    }
}
