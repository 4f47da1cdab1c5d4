using BlazorChat.Channels;

namespace BlazorChat.Rooms;

public static class RoomServices
{
    public static WebApplicationBuilder AddRooms(this WebApplicationBuilder builder)
    {
        builder.Services.AddEvents(RoomEventsJson.Default);
        builder.Services.AddSingleton<RoomDirectory>();
        builder.Services.AddSingleton<Conversation>();
        return builder;
    }
}
