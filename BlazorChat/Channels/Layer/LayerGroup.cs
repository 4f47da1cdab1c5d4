using System.Collections.Immutable;

namespace BlazorChat.Channels.Layer;

/// <summary>
/// The members of one group on this node. One loop at a time subscribes or unsubscribes the group, until the subscription agrees
/// with whether the group has members. A join during an unsubscription is therefore followed by a subscription.
/// </summary>
/// <param name="ended">Called when the last member has left and the subscription has ended. The group accepts no members then.</param>
internal sealed class LayerGroup(string name, IBackplane backplane, Action<LayerGroup> ended, ILogger logger)
{
    private readonly Lock _gate = new();
    private ImmutableArray<GroupMembership> _members = [];
    private TaskCompletionSource? _changing;
    private bool _isSubscribed;
    private bool _ended;

    public string Name { get; } = name;

    public ImmutableArray<GroupMembership> Members => _members;

    /// <returns>False when the group has ended.</returns>
    /// <param name="subscribed">Completes when the group is subscribed.</param>
    public bool TryAdd(GroupMembership membership, out Task subscribed)
    {
        bool mustChange;
        lock (_gate)
        {
            subscribed = Task.CompletedTask;
            if (_ended)
                return false;
            _members = _members.Add(membership);
            mustChange = MustChange();
            if (_changing is not null)
                subscribed = _changing.Task;
        }

        if (mustChange)
            _ = ChangeAsync();
        return true;
    }

    public void Remove(GroupMembership membership)
    {
        bool mustChange;
        lock (_gate)
        {
            _members = _members.Remove(membership);
            mustChange = MustChange();
        }

        if (mustChange)
            _ = ChangeAsync();
    }

    /// <summary>Called under the lock. True when the caller must start <see cref="ChangeAsync"/>.</summary>
    private bool MustChange()
    {
        if (_changing is not null || _isSubscribed != _members.IsEmpty)
            return false;
        _changing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return true;
    }

    private async Task ChangeAsync()
    {
        while (TryGetChange(out var mustSubscribe))
        {
            try
            {
                await (mustSubscribe ? backplane.SubscribeAsync(Name) : backplane.UnsubscribeAsync(Name));
            }
            catch (Exception exception)
            {
                // The backplane holds the wanted state and reconciles it later.
                ChannelLog.SubscriptionFailed(logger, exception, Name);
            }

            lock (_gate)
                _isSubscribed = mustSubscribe;
        }
    }

    private bool TryGetChange(out bool mustSubscribe)
    {
        lock (_gate)
        {
            mustSubscribe = !_members.IsEmpty;
            if (mustSubscribe != _isSubscribed)
                return true;
            _changing!.SetResult();
            _changing = null;
            if (mustSubscribe)
                return false;
            _ended = true;
        }

        ended(this);
        return false;
    }
}
