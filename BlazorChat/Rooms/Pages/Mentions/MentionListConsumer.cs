using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages.Mentions;

/// <summary>Notifies a list of mentions that it is no longer current.</summary>
/// <param name="changed">The list reads its mentions again.</param>
internal sealed class MentionListConsumer(Func<Task> changed)
    : CircuitConsumer, IHandle<MentionsChanged>, IHandle<MembershipChanged>, IHandle<EventGap>
{
    /// <summary>A gap and a mention of many members reach many circuits at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    protected override IEnumerable<string> Groups => [RoomGroups.User(Scope.User.UserId), RoomGroups.Mentions];

    public async ValueTask HandleAsync(MentionsChanged message, CancellationToken cancellationToken)
    {
        if (!message.IsFor(Scope.User.UserId))
            return;
        if (message.UserId is null)
            await SpreadAsync(cancellationToken);
        await changed();
    }

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        await SpreadAsync(cancellationToken);
        await changed();
    }

    private Task SpreadAsync(CancellationToken cancellationToken) =>
        Task.Delay(Spread * Random.Shared.NextDouble(), Scope.Services.GetRequiredService<TimeProvider>(), cancellationToken);
}
