using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages.Saved;

/// <summary>Notifies a list of saved messages that it is no longer current.</summary>
/// <param name="changed">The list reads its messages again.</param>
internal sealed class SavedListConsumer(Func<Task> changed) : CircuitConsumer, IHandle<SavedChanged>, IHandle<MembershipChanged>, IHandle<EventGap>
{
    /// <summary>A gap reaches many circuits at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    protected override IEnumerable<string> Groups => [RoomGroups.User(Scope.User.UserId)];

    public async ValueTask HandleAsync(SavedChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        await Task.Delay(Spread * Random.Shared.NextDouble(), Scope.Services.GetRequiredService<TimeProvider>(), cancellationToken);
        await changed();
    }
}
