namespace BlazorChat.Feeds;

/// <summary>Adds feeds.</summary>
public static class FeedServices
{
    /// <summary>Adds the settings of feeds, from the section <c>Feeds</c>.</summary>
    public static WebApplicationBuilder AddFeeds(this WebApplicationBuilder builder)
    {
        builder.Services.AddFeeds(builder.Configuration.GetSection("Feeds"));
        return builder;
    }

    internal static IServiceCollection AddFeeds(this IServiceCollection services, IConfiguration section)
    {
        services.AddOptions<FeedOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    /// <summary>Adds a kind of feed: its source, and a <see cref="FeedHost{TChange}"/>. Its change is also an event of the channel layer.</summary>
    /// <example><code>services.AddFeed&lt;NoteChanged, BoardFeed&gt;();</code></example>
    internal static IServiceCollection AddFeed<TChange, TSource>(this IServiceCollection services)
        where TChange : IFeedChange
        where TSource : class, IFeedSource<TChange>
    {
        services.AddSingleton<IFeedSource<TChange>, TSource>();
        services.AddSingleton<FeedHost<TChange>>();
        return services.AddHostedService(provider => provider.GetRequiredService<FeedHost<TChange>>());
    }
}
