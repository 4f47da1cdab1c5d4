using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages;

/// <summary>The base of consumers that notify a list of a person's own that it is no longer current.</summary>
/// <param name="changed">The list reads its lines again.</param>
internal abstract class ListConsumer(Func<Task> changed) : CircuitConsumer, IHandle<MembershipChanged>, IHandle<EventGap>
{
    /// <summary>What reaches many circuits at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => await ChangeSoonAsync(cancellationToken);

    /// <summary>Notifies the list now.</summary>
    protected async ValueTask ChangeAsync() => await changed();

    /// <summary>Notifies the list of an event that reaches many circuits.</summary>
    protected async ValueTask ChangeSoonAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Spread * Random.Shared.NextDouble(), Scope.Services.GetRequiredService<TimeProvider>(), cancellationToken);
        await changed();
    }
}
