namespace BlazorChat.Demo.Filling;

internal static class FillingServices
{
    public static void AddFilling(this IServiceCollection services)
    {
        services.AddSingleton<TeamAccounts>();
        services.AddSingleton<SceneFiles>();
        services.AddSingleton<RoomScenes>();
        services.AddSingleton<LiveblogScenes>();
        services.AddHostedService<DemoFilling>();
    }
}
