using BlazorChat.Accounts;
using BlazorChat.Attachments;
using BlazorChat.Channels;
using BlazorChat.Feeds;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Rooms;

public static class RoomServices
{
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
        services.AddSingleton<RoomDirectory>();
        services.AddSingleton<RoomMembers>();
        services.AddSingleton<RoomOwners>();
        services.AddSingleton<JoinedRooms>();
        services.AddSingleton<Conversation>();
        services.AddSingleton<MessageWriter>();
        services.AddSingleton<RenderedRows>();
        services.AddSingleton<PersistentComponentStateSerializer<MessagePage>, MessagePageState>();
        services.AddSingleton<ReadMarks>();
        services.AddSingleton<RoomActivity>();
        services.AddSingleton<TypingLimit>();
        services.AddSingleton<ChatCommands>();
        services.AddSingleton<MessageApi>();
        services.AddSingleton<IAttachmentPlace, RoomAttachments>();
        services.AddSingleton<RoomAccess>();
        services.AddHostedService(provider => provider.GetRequiredService<RoomAccess>());
        // Stopped after the writer, whose last messages it has to tell.
        services.AddHostedService(provider => provider.GetRequiredService<RoomActivity>());
        services.AddHostedService(provider => provider.GetRequiredService<ReadMarks>());
        services.AddHostedService(provider => provider.GetRequiredService<JoinedRooms>());
        return services.AddHostedService(provider => provider.GetRequiredService<MessageWriter>());
    }
}
