namespace BlazorChat.Notifications.Outbox;

internal static class OutboxServices
{
    public static IServiceCollection AddOutbox(this IServiceCollection services)
    {
        services.AddOptions<OutboxOptions>().BindConfiguration("Notifications").ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<CallDispatcher>();
        services.AddSingleton<PushThrottle>();
        services.AddSingleton<DeliveryPlanner>();
        // Services stop in reverse order: what was sent is stored after the last sending.
        services.AddSingleton<DeliveryResults>().AddHostedService(provider => provider.GetRequiredService<DeliveryResults>());
        services.AddHostedService<DeliveryDispatcher>();
        services.AddHostedService<DeliverySweep>();
        return services;
    }
}
