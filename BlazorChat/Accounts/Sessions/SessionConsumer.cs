using BlazorChat.Channels;

namespace BlazorChat.Accounts;

/// <summary>Brings one node the ends of sessions.</summary>
internal sealed class SessionConsumer(Action<SessionsEnded> ended, Action gap) : Consumer, IHandle<SessionsEnded>, IHandle<Gap>
{
    protected override IEnumerable<string> Groups => [SessionGroups.All];

    public ValueTask HandleAsync(SessionsEnded message, CancellationToken cancellationToken)
    {
        ended(message);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(Gap message, CancellationToken cancellationToken)
    {
        gap();
        return ValueTask.CompletedTask;
    }
}
