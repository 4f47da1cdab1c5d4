using BlazorChat.Attachments.Avatars;
using BlazorChat.Attachments.Emoji;
using BlazorChat.Attachments.Logo;
using BlazorChat.Attachments.Metadata;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Channels;
using BlazorChat.Channels.Workers;
using BlazorChat.Common.Components;
using BlazorChat.Data;
using Microsoft.Extensions.Options;

namespace BlazorChat.Attachments;

public static class AttachmentServices
{
    /// <summary>Bytes.</summary>
    private const int MaxAvatarState = 256;

    public static WebApplicationBuilder AddAttachments(this WebApplicationBuilder builder)
    {
        builder.Services.AddAttachments(
            builder.Configuration.GetSection("Attachments"), DataFolder.Resolve(builder.Configuration, builder.Environment));
        return builder;
    }

    public static WebApplication MapAttachments(this WebApplication app)
    {
        app.MapAttachmentFiles();
        app.MapSharedPictures();
        app.MapAvatars();
        app.MapCustomEmoji();
        app.MapSite();
        return app;
    }

    internal static IServiceCollection AddAttachments(this IServiceCollection services, IConfiguration section, string dataFolder)
    {
        services.AddOptions<AttachmentOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddEvents(ThumbnailEventsJson.Default);
        services.AddEvents(AvatarEventsJson.Default);
        services.AddWorker<ThumbnailConsumer>(ThumbnailConsumer.Channel);
        services.AddSingleton<IAttachmentStore>(provider =>
        {
            var folder = FolderOf(provider.GetRequiredService<IOptions<AttachmentOptions>>().Value, dataFolder);
            DataFolder.RestrictToOwner(folder, [], provider.GetRequiredService<ILogger<FolderStore>>());
            return new FolderStore(folder);
        });
        services.AddSingleton(provider => new DecodingMemory(provider.GetRequiredService<IOptions<AttachmentOptions>>().Value.DecodingMemory));
        services.AddSingleton<FileCleaner>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<UploadQuota>(
            provider, FolderOf(provider.GetRequiredService<IOptions<AttachmentOptions>>().Value, dataFolder)));
        services.AddSingleton<AttachmentOwners>();
        services.AddSingleton<AttachmentUploads>();
        services.AddSingleton<AttachmentFiles>();
        services.AddSingleton<SharedPictures>();
        services.AddSingleton<AttachmentCleaner>();
        services.AddSingleton<ThumbnailMaker>();
        services.AddHostedService<ThumbnailRequests>();
        services.AddSingleton<UploadLimit>();
        services.AddSingleton<IAttachmentOwner, AvatarOwner>();
        services.AddSingleton<AvatarStore>();
        services.AddSingleton<IAttachmentOwner, EmojiOwner>();
        services.AddSingleton<CustomEmojiStore>();
        services.AddSingleton<IAttachmentOwner, LogoOwner>();
        services.AddSingleton<LogoIcons>();
        services.AddSingleton<LogoStore>();
        services.AddSingleton<AttachmentUpkeep>();
        services.AddPageState<OwnAvatar.Known>(MaxAvatarState);
        return services.AddHostedService(provider => provider.GetRequiredService<AttachmentUpkeep>());
    }

    private static string FolderOf(AttachmentOptions options, string dataFolder) =>
        Path.GetFullPath(options.Folder is { Length: > 0 } folder ? folder : "attachments", dataFolder);
}
