namespace BlazorChat.Channels.Layer;

/// <summary>The membership of one consumer in one group. Its events that are still in the mailbox when it ends are not handled.</summary>
internal sealed class GroupMembership(string group, IMailbox mailbox)
{
    private volatile bool _ended;

    public string Group { get; } = group;

    public IMailbox Mailbox { get; } = mailbox;

    public bool IsCurrent => !_ended;

    public void End() => _ended = true;
}
