using System.Collections.Concurrent;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Tests.Channels.Layer;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>Clause 9 of docs/delivery.md for one node, with every queue.</summary>
public abstract class WorkerContract : IAsyncLifetime
{
    /// <summary>Short leases and retry delays.</summary>
    private static readonly string[] Quick = ["Channels:Workers:Lease=00:00:00.400", "Channels:Workers:Backoff=00:00:00.010"];

    private readonly List<TestNode> _nodes = [];

    protected WorkerContract() => Meter = new JobMeter(Worker);

    /// <summary>The connection string; null without.</summary>
    protected abstract string? Redis { get; }

    /// <summary>A worker channel of the test's own.</summary>
    protected string Worker { get; } = $"chores-{Guid.NewGuid():N}";

    private protected Work Work { get; } = new();

    private protected JobMeter Meter { get; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in _nodes)
            await node.DisposeAsync();
        Meter.Dispose();
    }

    [Fact]
    public async Task Clause_9_a_job_is_done_once_by_a_consumer_and_a_scope_of_its_own()
    {
        var node = await StartAsync();

        for (var i = 0; i < 100; i++)
            await node.Layer.SendAsync(Worker, new Chore(i));
        await Meter.ReachAsync("done", 100);
        await node.StopAsync();

        var given = Work.ReadAll();
        Assert.Equal(Enumerable.Range(0, 100), given.Select(g => g.Number));
        Assert.Equal(100, given.Select(g => g.Consumer).Distinct().Count());
        Assert.Equal(100, given.Select(g => g.Scope.Services).Distinct().Count());
        Assert.All(given, g => Assert.Equal(("worker", Worker, false), (g.Scope.Protocol, g.Scope.Path, g.Scope.User.Identity!.IsAuthenticated)));
        Assert.Equal(new JobCounts(0, 0, 0), await CountAsync(node));
        Assert.Equal((100, 0, 0), (Meter["done"], Meter["failed"], Meter["dead"]));
    }

    [Fact]
    public async Task Clause_9_a_job_that_fails_is_tried_again_and_holds_up_no_other()
    {
        var failures = 3;
        Work.Do = (chore, _) => chore.Number == 1 && Interlocked.Decrement(ref failures) >= 0
            ? throw new InvalidOperationException("Not yet.")
            : Task.CompletedTask;
        var node = await StartAsync();

        for (var i = 0; i < 10; i++)
            await node.Layer.SendAsync(Worker, new Chore(i));
        await Meter.ReachAsync("done", 10);
        await node.StopAsync();

        Assert.Equal(4, Work.ReadAll().Count(given => given.Number == 1));
        Assert.Equal((10, 3, 0), (Meter["done"], Meter["failed"], Meter["dead"]));
        Assert.Equal(new JobCounts(0, 0, 0), await CountAsync(node));
    }

    [Fact]
    public async Task Clause_9_after_five_tries_a_job_is_a_dead_letter_until_it_is_requeued()
    {
        var isBroken = true;
        Work.Do = (_, _) => isBroken ? throw new InvalidDataException("No picture.") : Task.CompletedTask;
        var node = await StartAsync();
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);

        await node.Layer.SendAsync(Worker, new Chore(1));
        await Meter.ReachAsync("dead", 1);

        var queue = Queue(node);
        var letter = Assert.Single(await queue.ReadDeadLettersAsync(Worker, 10, default));
        Assert.Equal(5, Work.ReadAll().Count);
        Assert.Equal(("test.chore", 5, new JobFailure("InvalidDataException", "No picture.")), (letter.EventName, letter.Tries, letter.Failure));
        Assert.InRange(letter.At, before, TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.Equal(new JobCounts(0, 0, 1), await CountAsync(node));

        isBroken = false;
        Assert.Equal(0, await queue.RequeueDeadLettersAsync(Worker, "1234567890123-7", default));
        Assert.Equal(1, await queue.RequeueDeadLettersAsync(Worker, letter.Id, default));
        await Meter.ReachAsync("done", 1);
        Assert.Equal(1, Work.ReadAll().Single().Number);
        Assert.Equal(new JobCounts(0, 0, 0), await CountAsync(node));
    }

    [Fact]
    public async Task Clause_9_the_newest_dead_letters_are_kept_and_can_be_removed()
    {
        Work.Do = (chore, _) => throw new InvalidDataException($"Chore {chore.Number}: {new string('x', 1_000)}");
        var node = await StartAsync(1, "Channels:Workers:Tries=1", "Channels:Workers:DeadLetters=3");

        for (var i = 0; i < 5; i++)
            await node.Layer.SendAsync(Worker, new Chore(i));
        await Meter.ReachAsync("dead", 5);

        var queue = Queue(node);
        var letters = await queue.ReadDeadLettersAsync(Worker, 10, default);
        Assert.Equal(["Chore 4", "Chore 3", "Chore 2"], letters.Select(letter => letter.Failure.Message[..7]));
        Assert.All(letters, letter => Assert.Equal(500, letter.Failure.Message.Length));
        Assert.Equal(letters.Take(2), await queue.ReadDeadLettersAsync(Worker, 2, default));

        Assert.Equal(1, await queue.RemoveDeadLettersAsync(Worker, letters[1].Id, default));
        Assert.Equal(0, await queue.RemoveDeadLettersAsync(Worker, letters[1].Id, default));
        Assert.Equal([letters[0], letters[2]], await queue.ReadDeadLettersAsync(Worker, 10, default));
        Assert.Equal(2, await queue.RemoveDeadLettersAsync(Worker, null, default));
        Assert.Empty(await queue.ReadDeadLettersAsync(Worker, 10, default));
    }

    [Fact]
    public async Task Clause_9_all_dead_letters_can_be_tried_again_as_far_as_there_is_room()
    {
        var isBroken = true;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Do = (_, _) => isBroken ? throw new InvalidDataException("No picture.") : release.Task;
        var node = await StartAsync(1, "Channels:Workers:Tries=1", "Channels:Workers:Capacity=2");
        for (var i = 0; i < 3; i++)
        {
            await node.Layer.SendAsync(Worker, new Chore(i));
            await Meter.ReachAsync("dead", i + 1);
        }

        isBroken = false;
        await Assert.ThrowsAsync<JobQueueFullException>(() => Queue(node).RequeueDeadLettersAsync(Worker, null, default));
        Assert.Equal(1, (await CountAsync(node)).DeadLetters);
        release.SetResult();
        await Meter.ReachAsync("done", 2);
        Assert.Equal(1, await Queue(node).RequeueDeadLettersAsync(Worker, null, default));
        await Meter.ReachAsync("done", 3);

        Assert.Equal(new JobCounts(0, 0, 0), await CountAsync(node));
    }

    [Fact]
    public async Task Clause_9_a_full_queue_refuses_with_a_name()
    {
        var node = await StartAsync(1, "Channels:Workers:Run=false", "Channels:Workers:Capacity=2");
        await node.Layer.SendAsync(Worker, new Chore(1));
        await node.Layer.SendAsync(Worker, new Chore(2));

        var refused = await Assert.ThrowsAsync<JobQueueFullException>(async () => await node.Layer.SendAsync(Worker, new Chore(3)));

        Assert.Contains(Worker, refused.Message, StringComparison.Ordinal);
        Assert.Equal(new JobCounts(2, 0, 0), await CountAsync(node));
    }

    [Fact]
    public async Task Clause_9_what_is_no_job_of_the_worker_channel_is_refused_at_the_call()
    {
        var node = await StartAsync(1, "Channels:Workers:Run=false");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.Layer.SendAsync(Worker, new TestEvent(1)));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.Layer.SendAsync(Worker, "no event"));
        await Assert.ThrowsAsync<EventTooLargeException>(
            async () => await node.Layer.SendAsync(Worker, new Chore(1, new string('x', 1024 * 1024))));
        var largest = new Chore(1, new string('x', 1024 * 1024 - 100));
        await node.Layer.SendAsync(Worker, largest);

        Assert.Equal(new JobCounts(1, 0, 0), await CountAsync(node));
    }

    [Fact]
    public async Task Clause_9_a_long_job_keeps_its_lease()
    {
        // While one loop works, the other looks for jobs whose lease has ended, several times in each lease.
        var node = await StartAsync(concurrency: 2);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Do = (_, _) => end.Task;

        await node.Layer.SendAsync(Worker, new Chore(1));
        await Work.NextAsync();
        // The duration is what is tested: four leases pass, and no event marks a lease that does not end.
        await Task.Delay(TimeSpan.FromSeconds(1.6));
        Assert.Equal(new JobCounts(0, 1, 0), await CountAsync(node));
        end.SetResult();
        await Meter.ReachAsync("done", 1);
        await node.StopAsync();

        Assert.Empty(Work.ReadAll());
        Assert.Equal((1, 0), (Meter["done"], Meter["failed"]));
    }

    [Fact]
    public async Task Clause_9_as_many_jobs_run_at_once_as_the_concurrency_of_the_worker()
    {
        var running = 0;
        var most = new ConcurrentBag<int>();
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Do = async (_, _) =>
        {
            most.Add(Interlocked.Increment(ref running));
            if (running == 3)
                together.TrySetResult();
            await together.Task;
            await Task.Yield();
            Interlocked.Decrement(ref running);
        };
        var node = await StartAsync(concurrency: 3);

        for (var i = 0; i < 50; i++)
            await node.Layer.SendAsync(Worker, new Chore(i));
        await Meter.ReachAsync("done", 50);

        Assert.Equal(3, most.Max());
    }

    [Fact]
    public async Task Clause_9_a_try_beyond_its_timeout_has_failed()
    {
        Work.Do = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
        var node = await StartAsync(1, "Channels:Workers:Tries=1", "Channels:Workers:Timeout=00:00:00.100");

        await node.Layer.SendAsync(Worker, new Chore(1));
        await Meter.ReachAsync("dead", 1);

        var letter = Assert.Single(await Queue(node).ReadDeadLettersAsync(Worker, 10, default));
        Assert.Equal(new JobFailure("TimeoutException", "The job took longer than 00:00:00.1000000."), letter.Failure);
    }

    [Fact]
    public async Task Clause_9_a_node_that_stops_finishes_running_jobs_and_starts_no_stored_ones()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Do = (_, _) => end.Task;
        var node = await StartAsync();
        for (var i = 0; i < 3; i++)
            await node.Layer.SendAsync(Worker, new Chore(i));
        await Work.NextAsync();

        var stopping = node.StopAsync();
        Assert.False(stopping.IsCompleted);
        end.SetResult();
        await stopping;

        // Without Redis nothing outlives the process, so it is all done while there is time.
        var stored = Redis is null ? 0 : 2;
        Assert.Equal(new JobCounts(stored, 0, 0), await CountAsync(node));
        Assert.Equal((3 - stored, 0), (Meter["done"], Meter["failed"]));
    }

    [Fact]
    public async Task Clause_9_a_stopping_node_releases_unfinished_jobs_without_counting_a_try()
    {
        Work.Do = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
        var node = await StartAsync(1, shutdown: TimeSpan.FromSeconds(1));
        await node.Layer.SendAsync(Worker, new Chore(1));
        await Work.NextAsync();

        await node.StopAsync();

        Assert.Equal(new JobCounts(1, 0, 0), await CountAsync(node));
        Assert.Equal(1, (await Queue(node).LeaseAsync(Worker, sweep: true))!.Tries);
        Assert.Equal((0, 0), (Meter["done"], Meter["failed"]));
    }

    [Fact]
    public async Task Clause_9_what_waits_and_what_runs_is_counted()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Do = (_, _) => release.Task;
        var node = await StartAsync(concurrency: 2);
        for (var i = 0; i < 7; i++)
            await node.Layer.SendAsync(Worker, new Chore(i));
        await Work.NextAsync();
        await Work.NextAsync();

        Assert.Equal(new JobCounts(5, 2, 0), await CountAsync(node));
        release.SetResult();
        await Meter.ReachAsync("done", 7);
        Assert.Equal(new JobCounts(0, 0, 0), await CountAsync(node));
    }

    [Fact]
    public async Task Clause_12_a_delayed_job_counts_as_waiting()
    {
        var isFirst = true;
        Work.Do = (_, _) => Interlocked.Exchange(ref isFirst, false) ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
        var node = await StartAsync(1, "Channels:Workers:Backoff=00:00:00.400");

        await node.Layer.SendAsync(Worker, new Chore(1));
        await Meter.ReachAsync("waiting", 1);
        await Meter.ReachAsync("done", 1);

        Assert.Equal(1, Meter["failed"]);
    }

    private protected static IJobQueue Queue(TestNode node) => node.Services.GetRequiredService<IJobQueue>();

    private protected Task<JobCounts> CountAsync(TestNode node) => Queue(node).CountAsync(Worker, default);

    private protected Task<TestNode> StartAsync(int concurrency = 1, params string[] settings) => StartAsync(concurrency, null, settings);

    private protected async Task<TestNode> StartAsync(int concurrency, TimeSpan? shutdown, params string[] settings)
    {
        var node = await TestNode.StartAsync(
            Redis,
            configure: services =>
            {
                services.AddSingleton(Work);
                services.AddEvents(ChoreJson.Default);
                services.AddWorker<Work.ChoreConsumer>(Worker, concurrency);
                if (shutdown is not null)
                    services.Configure<HostOptions>(host => host.ShutdownTimeout = shutdown.Value);
            },
            settings: [.. Quick, .. settings]);
        _nodes.Add(node);
        return node;
    }
}
