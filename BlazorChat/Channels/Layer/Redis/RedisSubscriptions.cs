using System.Collections.Concurrent;
using StackExchange.Redis;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Reconciles the subscriptions of this node with the wanted groups. One loop changes them, up to 512 with each round trip, so that ten
/// thousand joins at once wait for some twenty answers. Thread-safe.
/// </summary>
/// <param name="channelOf">Returns the Redis channel of a group.</param>
/// <param name="receive">Receives each group and envelope, in order within a group, on a thread of the client.</param>
internal sealed class RedisSubscriptions(
    RedisLiveness liveness, Func<string, RedisChannel> channelOf, Action<string, ReadOnlyMemory<byte>> receive)
{
    private const int BatchSize = 512;

    /// <summary>Groups that one call of <see cref="CheckAsync"/> examines.</summary>
    private const int CheckSize = 1_000;

    /// <summary>The generation of a subscription that was requested and is not confirmed.</summary>
    private const int Unconfirmed = -1;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _subscribed = new(StringComparer.Ordinal);
    private readonly Queue<string> _unchecked = [];
    private Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private Dictionary<string, TaskCompletionSource> _changing = new(StringComparer.Ordinal);
    private ISubscriber _subscriber = default!;
    private int _generation;
    private bool _isRunning;

    public void MarkWanted(string group)
    {
        lock (_gate)
            _wanted.Add(group);
    }

    public void MarkUnwanted(string group)
    {
        lock (_gate)
            _wanted.Remove(group);
    }

    /// <summary>Subscribes or unsubscribes a group, depending on whether it is wanted when the loop reaches it.</summary>
    /// <exception cref="RedisException">Redis refused, or the connection broke.</exception>
    /// <exception cref="TimeoutException">Redis is silent.</exception>
    public Task ReconcileAsync(string group)
    {
        Task changed;
        bool mustRun;
        lock (_gate)
        {
            changed = Enqueue(group);
            mustRun = MustRun();
        }

        if (mustRun)
            _ = RunAsync();
        return changed;
    }

    /// <summary>Subscribes every wanted group again, because a new connection may have none of the old subscriptions.</summary>
    /// <inheritdoc cref="ReconcileAsync"/>
    public Task RestoreAsync(ISubscriber subscriber)
    {
        List<Task> changed;
        bool mustRun;
        lock (_gate)
        {
            _subscriber = subscriber;
            _generation++;
            changed = [.. _wanted.Union(_subscribed.Keys).Select(Enqueue)];
            mustRun = MustRun();
        }

        if (mustRun)
            _ = RunAsync();
        return Task.WhenAll(changed);
    }

    /// <summary>Subscribes the wanted groups that are not subscribed, and unsubscribes the subscribed ones that are not wanted.</summary>
    /// <returns>The number of wanted groups that were not subscribed.</returns>
    /// <inheritdoc cref="ReconcileAsync"/>
    public async Task<int> ReconcileAllAsync()
    {
        string[] missing, unwanted;
        lock (_gate)
        {
            missing = [.. _wanted.Where(group => !_subscribed.ContainsKey(group) && !IsChanging(group))];
            unwanted = [.. _subscribed.Keys.Where(group => !_wanted.Contains(group))];
        }

        await Task.WhenAll(missing.Concat(unwanted).Select(ReconcileAsync));
        return missing.Length;
    }

    /// <summary>Examines the next thousand groups, and subscribes again those that are wanted and have lost their subscription.</summary>
    /// <returns>The number of groups that had lost it.</returns>
    /// <inheritdoc cref="ReconcileAsync"/>
    public async Task<int> CheckAsync()
    {
        var missing = new List<string>();
        lock (_gate)
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
        }

        await Task.WhenAll(missing.Select(ReconcileAsync));
        return missing.Count;
    }

    private bool IsSubscribed(string group) =>
        _subscribed.TryGetValue(group, out var generation) && generation == _generation && _subscriber.SubscribedEndpoint(channelOf(group)) is not null;

    private bool IsChanging(string group) => _waiting.ContainsKey(group) || _changing.ContainsKey(group);

    private Task Enqueue(string group)
    {
        if (!_waiting.TryGetValue(group, out var changed))
            _waiting.Add(group, changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return changed.Task;
    }

    private bool MustRun()
    {
        if (_isRunning || _waiting.Count == 0)
            return false;
        return _isRunning = true;
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
        ISubscriber subscriber;
        lock (_gate)
            (isWanted, generation, subscriber) = (_wanted.Contains(group), _generation, _subscriber);
        var channel = channelOf(group);
        if (_subscribed.TryGetValue(group, out var last) && (!isWanted || last != generation))
        {
            // This also removes what a failed attempt has left behind.
            await liveness.WaitAsync(subscriber.UnsubscribeAsync(channel), Timeout);
            _subscribed.TryRemove(group, out _);
        }

        if (!isWanted || _subscribed.ContainsKey(group))
            return;
        _subscribed[group] = Unconfirmed;
        var queue = await liveness.WaitAsync(subscriber.SubscribeAsync(channel), Timeout);
        queue.OnMessage(message =>
        {
            liveness.MarkAlive();
            receive(group, (byte[])message.Message!);
        });
        _subscribed[group] = generation;
    }
}
