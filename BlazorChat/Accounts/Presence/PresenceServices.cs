using BlazorChat.Channels;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorChat.Accounts.Presence;

internal static class PresenceServices
{
    public static void AddPresence(this IServiceCollection services)
    {
        services.AddEvents(PresenceEventsJson.Default);
        services.AddSingleton<PresenceDirectory>();
        services.AddHostedService<PresenceExchange>();
        services.AddScoped<CircuitPresence>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitPresence>());
    }
}
