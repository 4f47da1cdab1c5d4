using System.Collections.Concurrent;
using StackExchange.Redis;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Reconciles the subscriptions of this node with the wanted groups. One loop changes them, up to 512 with each round trip, so that ten
/// thousand joins at once wait for some twenty answers. Thread-safe.
/// </summary>
/// <param name="receive">Receives each group and envelope, in order within a group, on a thread of the client.</param>
internal sealed class RedisSubscriptions(RedisPubSub redis, Action<string, ReadOnlyMemory<byte>> receive)
{
    private const int BatchSize = 512;

    /// <summary>Groups that one call of <see cref="CheckAsync"/> examines.</summary>
    private const int CheckSize = 1_000;

    /// <summary>The generation of a subscription that was requested and is not confirmed.</summary>
    private const int Unconfirmed = -1;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _subscribed = new(StringComparer.Ordinal);
    private readonly Queue<string> _unchecked = [];
    private Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private Dictionary<string, TaskCompletionSource> _changing = new(StringComparer.Ordinal);
    private int _generation;
    private bool _isRunning;

    /// <summary>Sets whether a group is to be subscribed. The next reconciliation carries it out.</summary>
    public void Want(string group, bool isWanted)
    {
        lock (_gate)
            _ = isWanted ? _wanted.Add(group) : _wanted.Remove(group);
    }

    /// <summary>Subscribes or unsubscribes a group, depending on whether it is wanted when the loop reaches it.</summary>
    /// <exception cref="RedisException">Redis refused, or the connection broke.</exception>
    /// <exception cref="TimeoutException">Redis is silent.</exception>
    public Task ReconcileAsync(string group) => ReconcileAsync(() => [group]);

    /// <summary>Subscribes every wanted group again, because a new connection may have none of the old subscriptions.</summary>
    /// <inheritdoc cref="ReconcileAsync(string)"/>
    public Task RestoreAsync() => ReconcileAsync(() =>
    {
        _generation++;
        return _wanted.Union(_subscribed.Keys);
    });

    /// <summary>Subscribes the wanted groups that are not subscribed, and unsubscribes the subscribed ones that are not wanted.</summary>
    /// <returns>The number of wanted groups that were not subscribed.</returns>
    /// <inheritdoc cref="ReconcileAsync(string)"/>
    public async Task<int> ReconcileAllAsync()
    {
        string[] missing = [];
        await ReconcileAsync(() =>
        {
            missing = [.. _wanted.Where(group => !_subscribed.ContainsKey(group) && !IsChanging(group))];
            return missing.Concat(_subscribed.Keys.Where(group => !_wanted.Contains(group)));
        });
        return missing.Length;
    }

    /// <summary>Examines the next thousand groups, and subscribes again those that are wanted and have lost their subscription.</summary>
    /// <returns>The number of groups that had lost it.</returns>
    /// <inheritdoc cref="ReconcileAsync(string)"/>
    public async Task<int> CheckAsync()
    {
        var missing = new List<string>();
        await ReconcileAsync(() =>
        {
            if (_unchecked.Count == 0)
            {
                foreach (var group in _wanted)
                    _unchecked.Enqueue(group);
            }

            for (var i = 0; i < CheckSize && _unchecked.TryDequeue(out var group); i++)
            {
                if (!_wanted.Contains(group) || IsChanging(group) || IsSubscribed(group))
                    continue;
                if (_subscribed.ContainsKey(group))
                    _subscribed[group] = Unconfirmed;
                missing.Add(group);
            }

            return missing;
        });
        return missing.Count;
    }

    /// <summary>Enqueues groups, and runs the loop unless it runs.</summary>
    /// <param name="choose">Returns the groups, under the lock.</param>
    private Task ReconcileAsync(Func<IEnumerable<string>> choose)
    {
        Task[] changed;
        bool mustRun;
        lock (_gate)
        {
            changed = [.. choose().Select(Enqueue)];
            mustRun = !_isRunning && _waiting.Count > 0;
            _isRunning |= mustRun;
        }

        if (mustRun)
            _ = RunAsync();
        return Task.WhenAll(changed);
    }

    private bool IsSubscribed(string group) =>
        _subscribed.TryGetValue(group, out var generation) && generation == _generation && redis.IsSubscribed(group);

    private bool IsChanging(string group) => _waiting.ContainsKey(group) || _changing.ContainsKey(group);

    private Task Enqueue(string group)
    {
        if (!_waiting.TryGetValue(group, out var changed))
            _waiting.Add(group, changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return changed.Task;
    }

    private async Task RunAsync()
    {
        while (TryDequeue(out var changing))
        {
            Exception? failure = null;
            foreach (var batch in changing.Chunk(BatchSize))
            {
                // When one change has failed, the batches after it fail at once: each would wait for its own timeout.
                var changes = Array.ConvertAll(batch, change => failure is null ? ChangeAsync(change.Key) : Task.FromException(failure));
                for (var i = 0; i < batch.Length; i++)
                    failure = await CompleteAsync(changes[i], batch[i].Value) ?? failure;
            }
        }
    }

    private bool TryDequeue(out Dictionary<string, TaskCompletionSource> changing)
    {
        lock (_gate)
        {
            _changing.Clear();
            (_waiting, _changing) = (_changing, _waiting);
            changing = _changing;
            return _isRunning = changing.Count > 0;
        }
    }

    private static async Task<Exception?> CompleteAsync(Task change, TaskCompletionSource changed)
    {
        try
        {
            await change;
            changed.SetResult();
            return null;
        }
        catch (Exception exception)
        {
            changed.SetException(exception);
            return exception;
        }
    }

    private async Task ChangeAsync(string group)
    {
        bool isWanted;
        int generation;
        lock (_gate)
            (isWanted, generation) = (_wanted.Contains(group), _generation);
        if (_subscribed.TryGetValue(group, out var last) && (!isWanted || last != generation))
        {
            // This also removes what a failed attempt has left behind.
            await redis.UnsubscribeAsync(group);
            _subscribed.TryRemove(group, out _);
        }

        if (!isWanted || _subscribed.ContainsKey(group))
            return;
        _subscribed[group] = Unconfirmed;
        await redis.SubscribeAsync(group, envelope => receive(group, (byte[])envelope!));
        _subscribed[group] = generation;
    }
}
