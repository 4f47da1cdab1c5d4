namespace BlazorChat.Rooms;

public static class RoomServices
{
    public static WebApplicationBuilder AddRooms(this WebApplicationBuilder builder) => builder;

    public static WebApplication MapRooms(this WebApplication app) => app;
}
