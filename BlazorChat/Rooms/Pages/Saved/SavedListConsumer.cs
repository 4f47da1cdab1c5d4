using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages.Saved;

/// <summary>Notifies a list of saved messages that it is no longer current.</summary>
/// <param name="changed">The list reads its messages again.</param>
/// <param name="isShown">Whether the list shows a message of a room; without a key, any message.</param>
internal sealed class SavedListConsumer(Func<Task> changed, Func<int, long?, bool> isShown)
    : CircuitConsumer,
        IHandle<SavedChanged>,
        IHandle<MembershipChanged>,
        IHandle<MessageDeleted>,
        IHandle<RoomHidden>,
        IHandle<RoomChanged>,
        IHandle<EventGap>
{
    /// <summary>What reaches many circuits at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    protected override IEnumerable<string> Groups => [RoomGroups.User(Scope.User.UserId), RoomGroups.Activity, RoomGroups.All];

    public async ValueTask HandleAsync(SavedChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(MessageDeleted message, CancellationToken cancellationToken)
    {
        if (isShown(message.RoomId, message.Sequence))
            await changed();
    }

    public async ValueTask HandleAsync(RoomHidden message, CancellationToken cancellationToken) => await ApplyAsync(message.RoomId, cancellationToken);

    /// <summary>A deleted room takes its messages with it.</summary>
    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken)
    {
        if (message.IsDeleted)
            await ApplyAsync(message.RoomId, cancellationToken);
    }

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        await SpreadAsync(cancellationToken);
        await changed();
    }

    private async Task ApplyAsync(int roomId, CancellationToken cancellationToken)
    {
        if (!isShown(roomId, null))
            return;
        await SpreadAsync(cancellationToken);
        await changed();
    }

    private Task SpreadAsync(CancellationToken cancellationToken) =>
        Task.Delay(Spread * Random.Shared.NextDouble(), Scope.Services.GetRequiredService<TimeProvider>(), cancellationToken);
}
