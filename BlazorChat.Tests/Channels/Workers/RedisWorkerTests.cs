using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Tests.Channels.Layer.Redis;
using StackExchange.Redis;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>Clause 9 with Redis: another node runs the jobs of a node.</summary>
public sealed class RedisWorkerTests(RedisFixture redis) : WorkerContract, IClassFixture<RedisFixture>
{
    protected override string Redis => redis.ConnectionString;

    [Fact]
    public async Task Clause_9_jobs_are_stored_while_no_worker_runs()
    {
        var sender = await StartAsync(1, "Channels:Workers:Run=false");
        for (var i = 0; i < 10; i++)
            await sender.Layer.SendAsync(Worker, new Chore(i));
        await sender.DisposeAsync();
        Assert.Empty(Work.ReadAll());

        var worker = await StartAsync();
        await Meter.ReachAsync("done", 10);

        Assert.Equal(Enumerable.Range(0, 10), Work.ReadAll().Select(given => given.Number));
        Assert.Equal(new JobCounts(0, 0, 0), await CountAsync(worker));
    }

    [Fact]
    public async Task Clause_9_a_worker_that_lost_its_lease_can_complete_the_job_but_not_fail_it()
    {
        var node = await StartAsync(1, "Channels:Workers:Run=false", "Channels:Workers:Lease=00:00:00.100");
        await node.Layer.SendAsync(Worker, new Chore(1));
        var queue = Queue(node);
        var late = (await queue.LeaseAsync(Worker, sweep: true))!;
        Assert.Null(await queue.LeaseAsync(Worker, sweep: true));
        var now = await LeaseInTimeAsync(queue);
        Assert.Equal((1, 2), (late.Tries, now.Tries));

        Assert.False(await queue.RenewAsync(late, default));
        await queue.RetryAsync(late, TimeSpan.Zero, default);
        await queue.DeadLetterAsync(late, new JobFailure("Late", ""), default);
        Assert.Equal(new JobCounts(0, 1, 0), await CountAsync(node));
        Assert.True(await queue.RenewAsync(now, default));

        await queue.CompleteAsync(late, default);
        Assert.Equal(new JobCounts(0, 0, 0), await CountAsync(node));
        await queue.CompleteAsync(now, default);
        Assert.Equal(new JobCounts(0, 0, 0), await CountAsync(node));
    }

    [Fact]
    public async Task Clause_9_a_failed_job_is_retried_after_a_delay()
    {
        var node = await StartAsync(1, "Channels:Workers:Run=false");
        await node.Layer.SendAsync(Worker, new Chore(1));
        var queue = Queue(node);
        var job = (await queue.LeaseAsync(Worker, sweep: true))!;

        await queue.RetryAsync(job, TimeSpan.FromMilliseconds(200), default);
        Assert.Equal(new JobCounts(1, 0, 0), await CountAsync(node));
        Assert.Null(await queue.LeaseAsync(Worker, sweep: true));

        Assert.Equal(2, (await LeaseInTimeAsync(queue)).Tries);
    }

    [Fact]
    public async Task Clause_6_a_job_that_cannot_be_read_is_a_dead_letter_and_the_next_one_is_done()
    {
        var node = await StartAsync(1, "Channels:Workers:Tries=2");
        await using var intruder = await ConnectionMultiplexer.ConnectAsync(Redis);
        var jobs = (RedisKey)$"test:jobs:{{{Worker}}}";

        await intruder.GetDatabase().StreamAddAsync(jobs, [new("event", "test.of.a.newer.node"), new("body", "{}")]);
        await intruder.GetDatabase().StreamAddAsync(jobs, [new("event", "test.chore"), new("body", "{ broken")]);
        await intruder.GetDatabase().StreamAddAsync(jobs, [new("event", "test.sent"), new("body", """{"Number":1,"Text":""}""")]);
        await intruder.GetDatabase().StreamAddAsync(jobs, [new("no", "job")]);
        await intruder.GetDatabase().StreamAddAsync(jobs, [new("event", "test.chore"), new("body", """{"Number":7}""")]);
        await Meter.ReachAsync("dead", 4);
        await Meter.ReachAsync("done", 1);

        Assert.Equal(7, Work.ReadAll().Single().Number);
        var letters = await Queue(node).ReadDeadLettersAsync(Worker, 10, default);
        Assert.Equal(["job", "test.chore", "test.of.a.newer.node", "test.sent"], letters.Select(letter => letter.EventName).Order());
        Assert.Equal(["InvalidCastException", "InvalidOperationException", "InvalidOperationException", "JsonException"], letters.Select(letter => letter.Failure.Type).Order());
    }

    [Fact]
    public async Task Clause_8_deployments_with_different_prefixes_have_separate_jobs()
    {
        var here = await StartAsync(1, "Channels:Workers:Run=false");
        var there = await StartAsync(1, "Channels:Workers:Run=false", "Channels:Prefix=other");

        await here.Layer.SendAsync(Worker, new Chore(1));

        Assert.Equal(1, (await CountAsync(here)).Waiting);
        Assert.Equal(0, (await CountAsync(there)).Waiting);
    }

    /// <summary>Leases the only job, when it is due.</summary>
    private async Task<Job> LeaseInTimeAsync(IJobQueue queue)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (true)
        {
            if (await queue.LeaseAsync(Worker, sweep: true) is { } job)
                return job;
            await Task.Delay(20, timeout.Token);
        }
    }
}
