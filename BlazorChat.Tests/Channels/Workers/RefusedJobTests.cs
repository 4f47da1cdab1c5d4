using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Redis;
using BlazorChat.Channels.Workers;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Tests.Channels.Layer;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>
/// D10: jobs at a Redis that answers and refuses. What another server lacks (Garnet has no Streams and no scripts) is taken
/// away from the real one by rights.
/// </summary>
public sealed class RefusedJobTests : IAsyncDisposable
{
    private const string Worker = "chores";
    private const string Jobs = "test:jobs:{chores}";

    private readonly LogRecorder _log = new();
    private readonly Work _work = new();
    private readonly JobMeter _meter = new(Worker);
    private readonly List<IAsyncDisposable> _started = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        _meter.Dispose();
    }

    [Theory]
    [InlineData("no_permission", "-@scripting")]
    [InlineData("no_permission", "-@stream")]
    [InlineData("no_permission", "-hset")]
    public async Task D10_A_job_that_Redis_refuses_runs_on_the_node_itself_and_is_logged_once(string code, string rights)
    {
        var redis = await StartRedisAsync(rights);
        var node = await StartAsync($"{redis.ConnectionString},user=chat,password=secret");

        for (var i = 0; i < 5; i++)
            await node.Layer.SendAsync(Worker, new Chore(i));
        await _meter.ReachAsync("done", 5);

        Assert.Equal(Enumerable.Range(0, 5), _work.ReadAll().Select(given => given.Number).Order());
        Assert.Equal("0", (string?)await redis.ExecuteAsync("XLEN", Jobs));
        Assert.Single(_log.Lines, line => line.Contains("Redis refuses jobs", StringComparison.Ordinal) && line.Contains("ACL SETUSER chat", StringComparison.Ordinal));
        Assert.Equal(code, node.Services.GetRequiredService<RedisStatus>()[RedisUse.Jobs]);
        await node.Layer.WaitForStateAsync(LayerState.Connected);
    }

    [Fact]
    public async Task D10_A_full_Redis_refuses_once_and_accepts_jobs_again_when_it_has_memory()
    {
        var redis = await StartRedisAsync();
        var node = await StartAsync(redis.ConnectionString);
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");

        await node.Layer.SendAsync(Worker, new Chore(1));
        await _meter.ReachAsync("done", 1);

        Assert.Equal("full", node.Services.GetRequiredService<RedisStatus>()[RedisUse.Jobs]);
        Assert.Single(_log.Lines, line => line.Contains("Redis refuses jobs: OOM", StringComparison.Ordinal));
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await node.Layer.SendAsync(Worker, new Chore(2));
        await _meter.ReachAsync("done", 2);
        Assert.Null(node.Services.GetRequiredService<RedisStatus>()[RedisUse.Jobs]);
    }

    [Fact]
    public async Task D10_A_refused_job_is_not_sent_again_and_a_process_without_its_worker_throws()
    {
        var redis = await StartRedisAsync("-xadd");
        var node = await StartAsync($"{redis.ConnectionString},user=chat,password=secret", "Channels:Workers:Run=false");
        await redis.ExecuteAsync("CONFIG", "RESETSTAT");

        await Assert.ThrowsAsync<JobQueueRefusedException>(async () => await node.Layer.SendAsync(Worker, new Chore(1)));

        var calls = (string?)await redis.ExecuteAsync("INFO", "commandstats");
        Assert.Contains("cmdstat_xlen:calls=1,", calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task D10_A_refused_worker_sends_one_request_and_does_not_wait_for_the_timeout()
    {
        var redis = await StartRedisAsync("-xgroup");
        var node = await StartAsync($"{redis.ConnectionString},user=chat,password=secret", "Channels:Workers:Run=false");

        await Assert.ThrowsAsync<JobQueueRefusedException>(() => Queue(node).LeaseAsync(Worker, sweep: true));

        var calls = (string?)await redis.ExecuteAsync("INFO", "commandstats");
        Assert.Matches(@"cmdstat_xgroup\|create:.*rejected_calls=1,", calls);
        Assert.Single(_log.Lines, line => line.Contains("Redis refuses jobs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task D10_A_job_is_stored_once_though_notifying_the_workers_is_refused()
    {
        var redis = await StartRedisAsync("resetchannels");
        var node = await StartAsync($"{redis.ConnectionString},user=chat,password=secret", "Channels:Workers:Run=false");

        await node.Layer.SendAsync(Worker, new Chore(1));

        Assert.Equal("1", (string?)await redis.ExecuteAsync("XLEN", Jobs));
        var worker = await StartAsync(redis.ConnectionString);
        await _meter.ReachAsync("done", 1);
        Assert.Equal(new JobCounts(0, 0, 0), await Queue(worker).CountAsync(Worker, default));
    }

    [Fact]
    public async Task D10_A_job_with_the_same_key_is_one_job_until_it_has_ended()
    {
        var redis = await StartRedisAsync();
        var node = await StartAsync(redis.ConnectionString, "Channels:Workers:Run=false");
        var queue = Queue(node);

        await queue.EnqueueAsync(Worker, "picture", "test.chore", "{}"u8.ToArray(), default);
        await queue.EnqueueAsync(Worker, "picture", "test.chore", "{}"u8.ToArray(), default);
        var job = (await queue.LeaseAsync(Worker, sweep: true))!;
        await queue.EnqueueAsync(Worker, "picture", "test.chore", "{}"u8.ToArray(), default);

        Assert.Equal(("picture", new JobCounts(0, 1, 0)), (job.Key, await queue.CountAsync(Worker, default)));
        await queue.CompleteAsync(job, default);
        await queue.EnqueueAsync(Worker, "picture", "test.chore", "{}"u8.ToArray(), default);
        Assert.Equal(new JobCounts(1, 0, 0), await queue.CountAsync(Worker, default));

        await queue.DeadLetterAsync((await queue.LeaseAsync(Worker, sweep: true))!, new JobFailure("Broken", ""), default);
        Assert.Equal(1, await queue.RequeueDeadLettersAsync(Worker, null, default));
        await queue.EnqueueAsync(Worker, "picture", "test.chore", "{}"u8.ToArray(), default);
        Assert.Equal(new JobCounts(1, 0, 0), await queue.CountAsync(Worker, default));
        await queue.CompleteAsync((await queue.LeaseAsync(Worker, sweep: true))!, default);
        Assert.Equal("0", (string?)await redis.ExecuteAsync("EXISTS", "test:job-keys:{chores}"));
    }

    [Fact]
    public async Task D10_A_key_whose_job_was_lost_does_not_block_the_next_job()
    {
        var redis = await StartRedisAsync();
        var queue = Queue(await StartAsync(redis.ConnectionString, "Channels:Workers:Run=false"));
        await queue.EnqueueAsync(Worker, "picture", "test.chore", "{}"u8.ToArray(), default);

        await redis.ExecuteAsync("DEL", Jobs);
        await queue.EnqueueAsync(Worker, "picture", "test.chore", "{}"u8.ToArray(), default);

        Assert.Equal(new JobCounts(1, 0, 0), await queue.CountAsync(Worker, default));
    }

    [Fact]
    public async Task A_Redis_that_has_lost_its_data_carries_events_and_jobs_again()
    {
        var redis = await StartRedisAsync();
        var node = await StartAsync(redis.ConnectionString);
        var other = await StartAsync(redis.ConnectionString);
        var member = await other.ConnectAsync(new RecordingConsumer("room"));
        await node.Layer.SendAsync(Worker, new Chore(1));
        await _meter.ReachAsync("done", 1);

        await redis.ExecuteAsync("FLUSHALL");
        await redis.ExecuteAsync("SCRIPT", "FLUSH");

        await node.Layer.SendAsync(Worker, new Chore(2));
        await _meter.ReachAsync("done", 2);
        await node.Layer.PublishAsync("room", new TestEvent(1));
        Assert.Contains(new TestEvent(1), await member.ReadUntilAsync<TestEvent>());
    }

    private static IJobQueue Queue(TestNode node) => node.Services.GetRequiredService<IJobQueue>();

    private async Task<RedisServer> StartRedisAsync(params string[] rights)
    {
        var redis = await RedisServer.StartAsync();
        _started.Add(redis);
        await redis.ExecuteAsync("ACL", ["SETUSER", "chat", "on", ">secret", "~*", "&*", "+@all", .. rights]);
        return redis;
    }

    private async Task<TestNode> StartAsync(string redis, params string[] settings)
    {
        var node = await TestNode.StartAsync(
            redis,
            awaitConnected: false,
            configure: services =>
            {
                services.AddLogging().AddSingleton<ILoggerProvider>(_log);
                services.AddSingleton(_work);
                services.AddEvents(ChoreJson.Default);
                services.AddWorker<Work.ChoreConsumer>(Worker);
            },
            settings: settings);
        _started.Add(node);
        return node;
    }
}
