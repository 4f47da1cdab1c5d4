using BlazorChat.Channels;
using BlazorChat.Feeds;

namespace BlazorChat.Liveblogs;

public static class LiveblogServices
{
    public static WebApplicationBuilder AddLiveblogs(this WebApplicationBuilder builder)
    {
        builder.Services.AddLiveblogs();
        return builder;
    }

    public static WebApplication MapLiveblogs(this WebApplication app)
    {
        app.MapConsumer<LiveblogsConsumer>("/ws/liveblog/");
        app.MapConsumer<LiveblogConsumer>("/ws/liveblog/{slug}/");
        app.MapConsumer<LiveblogStreamConsumer>("/liveblogs/{slug}/events");
        return app;
    }

    internal static IServiceCollection AddLiveblogs(this IServiceCollection services)
    {
        services.AddEvents(LiveblogEventsJson.Default);
        services.AddFeed<LiveblogChanged, LiveblogFeed>();
        services.AddSingleton<LiveblogWriter>();
        services.AddSingleton<LiveblogDirectory>();
        services.AddSingleton<LiveblogPosts>();
        return services.AddSingleton<LiveblogFrames>();
    }
}
