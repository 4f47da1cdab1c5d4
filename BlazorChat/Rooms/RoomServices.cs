using BlazorChat.Channels;
using BlazorChat.Feeds;

namespace BlazorChat.Rooms;

public static class RoomServices
{
    public static WebApplicationBuilder AddRooms(this WebApplicationBuilder builder)
    {
        builder.Services.AddRooms();
        return builder;
    }

    internal static IServiceCollection AddRooms(this IServiceCollection services)
    {
        services.AddEvents(RoomEventsJson.Default);
        services.AddFeed<MessageChanged, RoomFeed>();
        services.AddSingleton<RoomDirectory>();
        services.AddSingleton<Conversation>();
        services.AddSingleton<MessageWriter>();
        return services.AddHostedService(provider => provider.GetRequiredService<MessageWriter>());
    }
}
