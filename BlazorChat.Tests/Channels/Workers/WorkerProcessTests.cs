using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers.Queue;
using StackExchange.Redis;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>Clause 9 with workers as processes of their own and a real Redis, which some of the tests break.</summary>
[Trait("Speed", "Slow")]
public sealed class WorkerProcessTests : IAsyncLifetime
{
    /// <summary>Long enough that a living worker on a busy machine extends it in time, short enough to wait for.</summary>
    private static readonly string[] Quick =
        ["Channels:Prefix=test", "Channels:Workers:Lease=00:00:03", "Channels:Workers:Backoff=00:00:00.010"];

    private readonly List<IAsyncDisposable> _started = [];
    private RedisServer _redis = default!;
    private JobBoard _board = default!;
    private TestNode _sender = default!;

    private string[] Settings => [.. Quick, $"ConnectionStrings:Redis={_redis.ConnectionString}"];

    private IJobQueue Queue => _sender.Services.GetRequiredService<IJobQueue>();

    public async ValueTask InitializeAsync()
    {
        _started.Add(_redis = await RedisServer.StartAsync());
        _started.Add(_board = await JobBoard.StartAsync());
        _started.Add(_sender = await TestNode.StartAsync(
            _redis.ConnectionString,
            configure: TestWorkers.AddTo,
            settings: [.. Quick, "Channels:Workers:Run=false"]));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    [Fact]
    public async Task Clause_9_two_processes_do_a_thousand_jobs_each_once_and_both_take_part()
    {
        await StartTwoWorkersAsync();

        for (var i = 0; i < 1_000; i++)
            await SendAsync(i);

        var visits = await _board.NextAsync(1_000);
        Assert.Equal(Enumerable.Range(0, 1_000), visits.Select(visit => visit.Number).Order());
        Assert.Equal(2, visits.Select(visit => visit.Process).Distinct().Count());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Clause_9_the_job_of_a_killed_worker_is_done_by_the_other()
    {
        var (one, other) = await StartTwoWorkersAsync();
        var first = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = true;
        _board.Answer = _ => Interlocked.Exchange(ref isFirst, false) ? first.Task : Task.FromResult(true);
        await SendAsync(1);
        var begun = await _board.NextAsync();

        await (begun.Process == one.ProcessId ? one : other).KillAsync();

        var again = await _board.NextAsync();
        Assert.Equal(1, again.Number);
        Assert.Equal(begun.Process == one.ProcessId ? other.ProcessId : one.ProcessId, again.Process);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Clause_9_a_job_that_kills_its_worker_each_time_is_a_dead_letter_too()
    {
        _board.Answer = _ => new TaskCompletionSource<bool>().Task;
        await SendAsync(1);
        for (var i = 0; i < 2; i++)
        {
            var worker = await StartWorkerAsync("Channels:Workers:Tries=2");
            await _board.NextAsync();
            await worker.KillAsync();
        }

        var last = await StartWorkerAsync("Channels:Workers:Tries=2");
        await last.WaitForLogAsync("is a dead letter");

        Assert.False(_board.HasNext);
        Assert.Equal("WorkerDiedException", Assert.Single(await Queue.ReadDeadLettersAsync(TestWorkers.Name, 10, default)).Failure.Type);
    }

    [Fact]
    public async Task Clause_9_jobs_that_are_sent_while_no_worker_runs_are_done_later()
    {
        for (var i = 0; i < 10; i++)
            await SendAsync(i);

        await StartWorkerAsync();

        Assert.Equal(Enumerable.Range(0, 10), (await _board.NextAsync(10)).Select(visit => visit.Number));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Clause_9_on_SIGTERM_a_worker_finishes_its_jobs_and_leaves_the_others()
    {
        var worker = await StartWorkerAsync();
        var end = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _board.Answer = _ => end.Task;
        for (var i = 0; i < 3; i++)
            await SendAsync(i);
        await _board.NextAsync();

        var stopping = worker.StopAsync();
        await worker.WaitForLogAsync("Application is shutting down");
        Assert.False(stopping.IsCompleted);
        end.SetResult(true);

        Assert.Equal(0, await stopping);
        Assert.Equal(new JobCounts(2, 0, 0), await Queue.CountAsync(TestWorkers.Name, default));
        Assert.False(_board.HasNext);
        await StartWorkerAsync();
        Assert.Equal([1, 2], (await _board.NextAsync(2)).Select(visit => visit.Number));
    }

    [Fact]
    public async Task Clause_9_on_SIGTERM_a_worker_releases_what_it_cannot_finish_in_time()
    {
        var worker = await StartWorkerAsync();
        _board.Answer = _ => new TaskCompletionSource<bool>().Task;
        await SendAsync(1);
        await _board.NextAsync();

        Assert.Equal(0, await worker.StopAsync());

        Assert.Equal(new JobCounts(1, 0, 0), await Queue.CountAsync(TestWorkers.Name, default));
        Assert.Equal(1, (await Queue.LeaseAsync(TestWorkers.Name, sweep: true))!.Tries);
    }

    [Fact]
    public async Task Clause_9_workers_continue_when_a_killed_Redis_is_back_empty()
    {
        await StartTwoWorkersAsync();
        for (var i = 0; i < 10; i++)
            await SendAsync(i);
        await _board.NextAsync(10);
        await NothingIsLeftAsync();

        await _redis.KillAsync();
        await _redis.StartAgainAsync();
        for (var i = 10; i < 30; i++)
            await SendAsync(i);

        Assert.Equal(Enumerable.Range(10, 20), (await _board.NextAsync(20)).Select(visit => visit.Number).Order());
        await NothingIsLeftAsync();
        Assert.False(_board.HasNext);
    }

    [Fact]
    public async Task Clause_9_a_job_that_runs_while_Redis_dies_and_comes_back_runs_to_its_end()
    {
        var worker = await StartWorkerAsync("Channels:Workers:Lease=00:00:01");
        var end = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _board.Answer = visit => visit.Number == 1 ? end.Task : Task.FromResult(true);
        await SendAsync(1);
        await _board.NextAsync();

        await _redis.KillAsync();
        await worker.WaitForLogAsync("Redis does not answer");
        await _redis.StartAgainAsync();
        await SendAsync(2);
        // Nobody but its renewal asks for jobs at the moment, and makes the group for it.
        await WaitForGroupAsync();
        end.SetResult(true);

        Assert.Equal(2, (await _board.NextAsync()).Number);
        await NothingIsLeftAsync();
        Assert.DoesNotContain("lease", worker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clause_9_a_job_is_not_reported_as_stored_while_Redis_is_away()
    {
        await _redis.KillAsync();

        var refused = await Assert.ThrowsAsync<JobQueueUnavailableException>(() => SendAsync(1).WaitAsync(TimeSpan.FromSeconds(10)));
        await _redis.StartAgainAsync();
        await _sender.WaitForStateAsync(LayerState.Connected);

        Assert.Contains(TestWorkers.Name, refused.Message, StringComparison.Ordinal);
        Assert.Equal(new JobCounts(0, 0, 0), await Queue.CountAsync(TestWorkers.Name, default));
    }

    [Fact]
    public async Task Clause_9_a_sender_waits_for_a_Redis_that_is_away_for_a_moment()
    {
        await _redis.KillAsync();

        var sending = SendAsync(1);
        await _redis.StartAgainAsync();
        await sending;

        Assert.Equal(new JobCounts(1, 0, 0), await Queue.CountAsync(TestWorkers.Name, default));
    }

    [Fact]
    public async Task Clause_9_a_node_without_workers_leaves_the_jobs_to_others_and_one_with_them_does_them()
    {
        await SendAsync(1);
        await using var idle = await NodeProcess.StartWithTestWorkersAsync([.. Settings, "Channels:Workers:Run=false"]);
        Assert.DoesNotContain("runs its jobs", idle.Log, StringComparison.Ordinal);
        Assert.False(_board.HasNext);

        await using var node = await NodeProcess.StartWithTestWorkersAsync(Settings);

        Assert.Equal(node.ProcessId, (await _board.NextAsync()).Process);
    }

    [Fact]
    public async Task Clause_9_a_cluster_stores_jobs_too()
    {
        await using var cluster = await RedisServer.StartClusterAsync();
        await using var node = await TestNode.StartAsync(
            cluster.ConnectionString, configure: TestWorkers.AddTo, settings: [.. Quick, "Channels:Workers:Lease=00:00:00.500"]);
        var isBroken = true;
        _board.Answer = _ => Task.FromResult(!Volatile.Read(ref isBroken));
        using var meter = new JobMeter(TestWorkers.Name);

        await node.Layer.SendAsync(TestWorkers.Name, new Chore(1, _board.Address));
        await meter.ReachAsync("dead", 1);
        Volatile.Write(ref isBroken, false);
        Assert.Equal(1, await node.Services.GetRequiredService<IJobQueue>().RequeueDeadLettersAsync(TestWorkers.Name, null, default));
        await meter.ReachAsync("done", 1);

        Assert.Equal(6, (await _board.NextAsync(6)).Count);
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("worker", "nobody")]
    [InlineData("worker", "Chores")]
    public async Task The_command_names_the_workers_there_are(params string[] command)
    {
        var (exitCode, error) = await NodeProcess.RunToEndAsync(command, hasTestWorkers: true, Settings);

        Assert.Equal(2, exitCode);
        Assert.Equal("Name a worker channel: dotnet BlazorChat.dll worker NAME. The names: chores, preview-fetch, thumbnail-generate.\n", error);
    }

    [Fact]
    public async Task The_command_reports_that_it_needs_Redis()
    {
        var (exitCode, error) = await NodeProcess.RunToEndAsync(["worker", TestWorkers.Name], hasTestWorkers: true);

        Assert.Equal(2, exitCode);
        Assert.Equal("A worker as a process of its own needs the setting ConnectionStrings:Redis, where its jobs are stored.\n", error);
    }

    [Fact]
    public async Task A_worker_process_listens_nowhere()
    {
        var worker = await StartWorkerAsync();

        var listening = await File.ReadAllLinesAsync($"/proc/{worker.ProcessId}/net/tcp");
        var own = Directory.GetFiles($"/proc/{worker.ProcessId}/fd")
            .Select(fd => new FileInfo(fd).LinkTarget)
            .Where(target => target?.StartsWith("socket:", StringComparison.Ordinal) == true)
            .Select(target => target!["socket:[".Length..^1])
            .ToHashSet();

        const string Listen = "0A";
        Assert.NotEmpty(own);
        Assert.DoesNotContain(listening.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), row => row[3] == Listen && own.Contains(row[9]));
        Assert.DoesNotContain("Now listening", worker.Log, StringComparison.Ordinal);
    }

    private async Task<NodeProcess> StartWorkerAsync(params string[] settings)
    {
        var worker = await NodeProcess.StartWorkerAsync(TestWorkers.Name, [.. Settings, .. settings]);
        lock (_started)
            _started.Add(worker);
        return worker;
    }

    private async Task<(NodeProcess One, NodeProcess Other)> StartTwoWorkersAsync()
    {
        var workers = await Task.WhenAll(StartWorkerAsync(), StartWorkerAsync());
        return (workers[0], workers[1]);
    }

    private async Task SendAsync(int number) => await _sender.Layer.SendAsync(TestWorkers.Name, new Chore(number, _board.Address));

    private async Task WaitForGroupAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await using var observer = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        while ((await observer.GetDatabase().StreamGroupInfoAsync($"test:jobs:{{{TestWorkers.Name}}}")).Length == 0)
            await Task.Delay(20, timeout.Token);
    }

    /// <summary>A worker completes a job a moment after the board has answered; then its queue is empty.</summary>
    private async Task NothingIsLeftAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (await Queue.CountAsync(TestWorkers.Name, timeout.Token) != new JobCounts(0, 0, 0))
            await Task.Delay(20, timeout.Token);
    }
}
