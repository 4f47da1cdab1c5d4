using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts.Sessions;

/// <summary>Receives the events about ended sessions and changed rights on a node.</summary>
internal sealed class SessionConsumer(Action<SessionsEnded> ended, Action<AdminChanged> changed, Action gap)
    : NodeConsumer(gap), IHandle<SessionsEnded>, IHandle<AdminChanged>
{
    protected override IEnumerable<string> Groups => [SessionGroups.All];

    public ValueTask HandleAsync(SessionsEnded message, CancellationToken cancellationToken)
    {
        ended(message);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(AdminChanged message, CancellationToken cancellationToken)
    {
        changed(message);
        return ValueTask.CompletedTask;
    }
}
