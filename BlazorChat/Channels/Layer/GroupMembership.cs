namespace BlazorChat.Channels.Layer;

/// <summary>One consumer's place in one group. What is still in the mailbox when it ends is not delivered.</summary>
internal sealed class GroupMembership(string group, IMailbox mailbox)
{
    private volatile bool _ended;

    public string Group { get; } = group;

    public IMailbox Mailbox { get; } = mailbox;

    public bool IsCurrent => !_ended;

    public void End() => _ended = true;
}
