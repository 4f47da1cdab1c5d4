using BlazorChat.Accounts;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages.Profile;

/// <summary>Notifies a component of the status of its user, which may change in another tab.</summary>
internal sealed class OwnStatusConsumer(Func<StatusChanged, Task> changed, Func<NotificationChoicesChanged, Task> choices, Func<Task> missed)
    : CircuitConsumer, IHandle<StatusChanged>, IHandle<NotificationChoicesChanged>, IHandle<EventGap>
{
    /// <summary>All circuits of a node see a gap at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    protected override IEnumerable<string> Groups => [PersonGroups.Of(Scope.User.UserId)];

    public async ValueTask HandleAsync(StatusChanged message, CancellationToken cancellationToken) => await changed(message);

    public async ValueTask HandleAsync(NotificationChoicesChanged message, CancellationToken cancellationToken) => await choices(message);

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        await Task.Delay(Spread * Random.Shared.NextDouble(), Scope.Services.GetRequiredService<TimeProvider>(), cancellationToken);
        await missed();
    }
}
