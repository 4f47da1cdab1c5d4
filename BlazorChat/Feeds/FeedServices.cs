namespace BlazorChat.Feeds;

public static class FeedServices
{
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

    /// <summary>Adds a kind of feed. Its change is an event of the channel layer too.</summary>
    internal static IServiceCollection AddFeed<TChange, TSource>(this IServiceCollection services)
        where TChange : IFeedChange
        where TSource : class, IFeedSource<TChange>
    {
        services.AddSingleton<IFeedSource<TChange>, TSource>();
        services.AddSingleton<FeedHost<TChange>>();
        return services.AddHostedService(provider => provider.GetRequiredService<FeedHost<TChange>>());
    }
}
