namespace BlazorChat.Notifications.Push;

internal static class PushServices
{
    public static IServiceCollection AddPush(this IServiceCollection services)
    {
        services.AddOptions<PushOptions>().BindConfiguration("Notifications").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PushHosts>();
        services.AddSingleton<PushContact>();
        services.AddSingleton<VapidTokens>();
        services.AddHostedService<VapidKeyCreation>();
        services.AddSingleton<IPushSender, PushSender>();
        return services;
    }
}
