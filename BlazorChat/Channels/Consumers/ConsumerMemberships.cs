using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Consumers;

/// <summary>The groups that one consumer is in. Joins and leaves are carried out one after the other. Thread-safe.</summary>
internal sealed class ConsumerMemberships(IMailbox consumer, ChannelLayer layer) : IAsyncDisposable
{
    private readonly Dictionary<string, GroupMembership> _memberships = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _lock = new(1, 1);
    private bool _isDisposed;

    public async ValueTask JoinAsync(string group, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        var membership = new GroupMembership(group, consumer);
        try
        {
            if (_isDisposed || _memberships.ContainsKey(group))
                return;
            await layer.JoinAsync(membership, cancellationToken);
            _memberships.Add(group, membership);
        }
        catch
        {
            End(membership);
            throw;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <returns>False when the consumer was not in the group.</returns>
    public async ValueTask<bool> LeaveAsync(string group, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            if (!_memberships.Remove(group, out var membership))
                return false;
            End(membership);
            return true;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Leaves every group. A later join changes nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lock.WaitAsync();
        _isDisposed = true;
        foreach (var membership in _memberships.Values)
            End(membership);
        _memberships.Clear();
        _lock.Release();
    }

    private void End(GroupMembership membership)
    {
        membership.End();
        layer.Leave(membership);
    }
}
