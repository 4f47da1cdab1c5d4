using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Channels;
using BlazorChat.Channels.Workers;
using BlazorChat.Rooms.Links;
using BlazorChat.Rooms.Previews.Fetching;

namespace BlazorChat.Rooms.Previews;

internal static class PreviewServices
{
    public static void AddPreviews(this IServiceCollection services)
    {
        services.AddOptions<LinkPreviewOptions>().BindConfiguration("LinkPreviews").ValidateDataAnnotations().ValidateOnStart();
        services.AddEvents(LinkEventsJson.Default);
        services.AddSingleton<LinkFinder>();
        services.AddSingleton<LinkRequests>().AddHostedService(provider => provider.GetRequiredService<LinkRequests>());
        services.AddSingleton<PageClient>();
        services.AddSingleton<PictureScaler>();
        services.AddSingleton<PreviewFetcher>();
        services.AddSingleton<LinkLookups>();
        services.AddSingleton<LinkDispatcher>();
        services.AddSingleton<MessagePreviews>();
        services.AddSingleton<PreviewSweep>().AddHostedService(provider => provider.GetRequiredService<PreviewSweep>());
        services.AddWorker<PreviewConsumer>(LinkRequests.Channel, LinkRequests.MaxAtOnce);
    }
}
