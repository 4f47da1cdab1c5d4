using BlazorChat.Accounts.Limits;
using BlazorChat.Attachments.Rights;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common.Components;
using BlazorChat.Feeds;
using BlazorChat.Rooms.Api.Http;
using BlazorChat.Rooms.Api.Hub;
using BlazorChat.Rooms.Api.Socket;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Writing;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Mentions;
using BlazorChat.Rooms.Pages.Rows;
using Microsoft.Extensions.Caching.Hybrid;

namespace BlazorChat.Rooms;

public static class RoomServices
{
    /// <summary>Bytes.</summary>
    private const int MaxMessageState = 64 * 1024;

    /// <summary>Bytes, for the list of the drawer and for that of the page.</summary>
    private const int MaxListState = 24 * 1024;

    /// <summary>Bytes.</summary>
    private const int MaxRoomState = 4 * 1024;

    /// <summary>Bytes, for the pages of unread messages and of mentions.</summary>
    private const int MaxUnreadState = 4 * 1024;

    /// <summary>Bytes of a person.</summary>
    private const int MaxPersonState = 1024;

    public static WebApplicationBuilder AddRooms(this WebApplicationBuilder builder)
    {
        builder.Services.AddRooms();
        builder.AddChatHub();
        return builder;
    }

    public static WebApplication MapRooms(this WebApplication app)
    {
        app.MapConsumer<ChatConsumer>("/ws/chat/{roomId:int}/chat/").RequireAuthorization();
        app.MapChatHub();
        app.MapMessageApi();
        return app;
    }

    internal static IServiceCollection AddRooms(this IServiceCollection services)
    {
        services.AddOptions<RoomOptions>().BindConfiguration("Rooms").ValidateDataAnnotations().ValidateOnStart();
        services.AddCommandLimit();
        services.AddEvents(RoomEventsJson.Default);
        services.AddFeed<MessageChanged, RoomFeed>();
        services.AddHybridCache(cache => cache.DefaultEntryOptions = new HybridCacheEntryOptions { LocalCacheExpiration = TimeSpan.FromMinutes(1) });
        services.AddSingleton<DirectRooms>();
        services.AddSingleton<RoomDirectory>();
        services.AddSingleton<RoomSettings>();
        services.AddSingleton<RoomLifecycle>();
        services.AddSingleton<RoomMembers>();
        services.AddSingleton<RoomOwners>();
        services.AddSingleton<RoomPreferences>();
        services.AddSingleton<MentionDirectory>();
        services.AddSingleton<Completion>();
        services.AddSingleton<Conversation>();
        services.AddSingleton<UnreadRooms>();
        services.AddSingleton<RenderedRows>();
        services.AddSingleton<ChatCommands>();
        services.AddSingleton<MessageApi>();
        services.AddSingleton<DirectApi>();
        services.AddSingleton<IAttachmentPlace, RoomAttachments>();
        services.AddPageState<RoomOpening>(MaxMessageState);
        services.AddPageState<IReadOnlyList<RoomView>>(MaxListState);
        services.AddPageState<RoomView>(MaxRoomState);
        services.AddPageState<MemberView>(MaxPersonState);
        services.AddPageState<UnreadRoomPage>(MaxUnreadState);
        services.AddPageState<IReadOnlyList<MentionLine>>(MaxUnreadState);
        AddHosted<RoomAccess>();
        AddHosted<RoomRemoval>();
        // Services stop in reverse order: the activity stops after the writer and publishes its last messages.
        AddHosted<RoomActivity>();
        AddHosted<ReadMarks>();
        AddHosted<JoinedRooms>();
        AddHosted<VisibleRooms>();
        AddHosted<Authors>();
        AddHosted<MessageWriter>();
        return services;

        void AddHosted<T>()
            where T : class, IHostedService =>
            services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
