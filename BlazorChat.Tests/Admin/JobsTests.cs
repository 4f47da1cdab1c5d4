using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using BlazorChat.Accounts.Rights;
using BlazorChat.Admin;
using BlazorChat.Channels.Workers;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Tests.Channels.Workers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Admin;

[Trait("Speed", "Slow")]
public sealed class JobsTests : IAsyncLifetime
{
    private static readonly string[] Quick = ["Channels:Workers:Lease=00:00:00.500", "Channels:Workers:Backoff=00:00:00.010"];

    private RedisServer _redis = default!;

    private string[] Settings => [.. Quick, $"ConnectionStrings:Redis={_redis.ConnectionString}", "Channels:Prefix=test"];

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Clause_9_an_admin_lists_retries_and_removes_jobs_that_failed_for_good()
    {
        await using var board = await JobBoard.StartAsync();
        var isBroken = true;
        board.Answer = _ => Task.FromResult(!Volatile.Read(ref isBroken));
        await using var sender = await TestNode.StartAsync(
            _redis.ConnectionString, configure: TestWorkers.AddTo, settings: "Channels:Workers:Run=false");
        await using var worker = await NodeProcess.StartWorkerAsync(TestWorkers.Name, Settings);
        await using var node = await NodeProcess.StartWithTestWorkersAsync([.. Settings, "Channels:Workers:Run=false"]);
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        Assert.Contains("No job has failed for good.", await TextAsync(ada), StringComparison.Ordinal);

        await sender.Layer.SendAsync(TestWorkers.Name, new Chore(1, board.Address));
        await board.NextAsync(5);
        await worker.WaitForLogAsync("is a dead letter");
        var page = await ada.GetPageAsync("admin/jobs");
        Assert.Equal("0 waiting, 0 running", page.QuerySelector(".worker-counts")!.TextContent);
        var letter = Assert.Single(page.QuerySelectorAll(".entries > li"));
        Assert.Equal("test.chore", letter.QuerySelector(".entry-name")!.TextContent);
        Assert.Contains("5 tries", letter.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            "HttpRequestException: Response status code does not indicate success: 418 (I'm a teapot).",
            letter.QuerySelector(".entry-error")!.TextContent);

        Volatile.Write(ref isBroken, false);
        var again = await PrepareAsync(ada, "Retry", letter);
        using var retried = await again();
        Assert.Equal(1, (await board.NextAsync()).Number);
        Assert.Equal("Trying again.", (await FormClient.ReadAsync(retried)).QuerySelector(".done")!.TextContent);
        using var twice = await again();
        Assert.Equal("This job no longer exists.", await FormClient.ReadErrorAsync(twice));

        Volatile.Write(ref isBroken, true);
        await sender.Layer.SendAsync(TestWorkers.Name, new Chore(2, board.Address));
        await board.NextAsync(5);
        await DeadLettersAsync(sender, 1);
        letter = (await ada.GetPageAsync("admin/jobs")).QuerySelector(".entries > li")!;
        using var removed = await (await PrepareAsync(ada, "Remove", letter))();
        Assert.Equal("Removed.", (await FormClient.ReadAsync(removed)).QuerySelector(".done")!.TextContent);
        Assert.Contains("No job has failed for good.", await TextAsync(ada), StringComparison.Ordinal);
        Assert.False(board.HasNext);

        for (var i = 3; i < 6; i++)
            await sender.Layer.SendAsync(TestWorkers.Name, new Chore(i, board.Address));
        await board.NextAsync(15);
        await DeadLettersAsync(sender, 3);
        Volatile.Write(ref isBroken, false);
        using var all = await ada.SubmitAsync("admin/jobs", "jobs", ("Retry", TestWorkers.Name));
        Assert.Equal([3, 4, 5], (await board.NextAsync(3)).Select(visit => visit.Number).Order());
    }

    [Fact]
    public async Task A_former_admin_cannot_list_or_change_jobs()
    {
        await using var site = await TestDatabase.CreateAsync();
        var zoe = TestDatabase.SignIn((await site.AddPersonAsync("Zoe")).UserId, "Zoe", isAdmin: true);
        await using var here = await TestNode.StartAsync(configure: TestWorkers.AddTo, settings: "Channels:Workers:Run=false");
        var queue = here.Services.GetRequiredService<IJobQueue>();
        await here.Layer.SendAsync(TestWorkers.Name, new Chore(1));
        await queue.DeadLetterAsync((await queue.LeaseAsync(TestWorkers.Name, sweep: true))!, new JobFailure("Exception", ""), default);
        var id = Assert.Single(await queue.ReadDeadLettersAsync(TestWorkers.Name, 10, default)).Id;
        await using var db = await site.OpenAsync();
        var jobs = new Jobs(db, here.Services.GetRequiredService<WorkerRegistry>(), queue, TimeProvider.System, NullLogger<Jobs>.Instance);

        // Her cookie has the right; the database does not.
        Assert.Empty(await jobs.ListAsync(zoe, default));
        foreach (var job in new[] { id, null })
        {
            Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => jobs.RetryAsync(zoe, TestWorkers.Name, job, default))).Code);
            Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => jobs.RemoveAsync(zoe, TestWorkers.Name, job, default))).Code);
        }

        Assert.Equal(new JobCounts(0, 0, 1), await queue.CountAsync(TestWorkers.Name, default));
    }

    [Fact]
    public async Task A_retry_for_which_the_queue_has_no_room_is_in_the_audit_log()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada", isAdmin: true);
        await using var here = await TestNode.StartAsync(configure: TestWorkers.AddTo, settings: ["Channels:Workers:Run=false", "Channels:Workers:Capacity=1"]);
        var queue = here.Services.GetRequiredService<IJobQueue>();
        await here.Layer.SendAsync(TestWorkers.Name, new Chore(1));
        await queue.DeadLetterAsync((await queue.LeaseAsync(TestWorkers.Name, sweep: true))!, new JobFailure("Exception", ""), default);
        await here.Layer.SendAsync(TestWorkers.Name, new Chore(2));
        await using var db = await site.OpenAsync();
        var jobs = new Jobs(db, here.Services.GetRequiredService<WorkerRegistry>(), queue, TimeProvider.System, NullLogger<Jobs>.Instance);

        await Assert.ThrowsAsync<RefusedException>(() => jobs.RetryAsync(ada, TestWorkers.Name, null, default));

        var entry = await db.AuditEntries.SingleAsync();
        Assert.Equal((AuditAction.JobsRetried, TestWorkers.Name), (entry.Action, entry.Subject));
    }

    [Fact]
    public async Task The_page_is_for_admins_and_names_the_workers()
    {
        await using var node = await NodeProcess.StartAsync();
        using var ada = new FormClient(node.Address);
        var invitation = await ada.SetUpAsync();
        using var zoe = new FormClient(node.Address);
        using var joined = await zoe.JoinAsync(invitation, "Zoe");
        using var anonymous = new FormClient(node.Address);

        using var refused = await zoe.GetAsync("admin/jobs");
        using var unknown = await anonymous.GetAsync("admin/jobs");
        using var form = new FormUrlEncodedContent([new("_handler", "jobs"), new("Remove", TestWorkers.Name)]);
        using var sent = await zoe.PostAsync("admin/jobs", form);

        Assert.Equal("/account/denied", new Uri(node.Address, refused.Headers.Location!).AbsolutePath);
        Assert.Equal("/account/denied", new Uri(node.Address, sent.Headers.Location!).AbsolutePath);
        Assert.Equal("/account/login", new Uri(node.Address, unknown.Headers.Location!).AbsolutePath);
        Assert.Contains("thumbnail-generate", await TextAsync(ada), StringComparison.Ordinal);
        Assert.NotNull((await ada.GetPageAsync("account/manage")).QuerySelector("a[href='admin/people']"));
        Assert.Null((await zoe.GetPageAsync("account/manage")).QuerySelector("a[href='admin/people']"));
    }

    [Fact]
    public async Task Invented_jobs_are_refused_with_a_sentence()
    {
        await using var node = await NodeProcess.StartWithTestWorkersAsync("Channels:Workers:Run=false");
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();

        foreach (var value in new[] { "chores 1-1", "chores *", "chores ", "nobody", "" })
        {
            using var retried = await ada.SubmitAsync("admin/jobs", "jobs", ("Retry", value));
            using var removed = await ada.SubmitAsync("admin/jobs", "jobs", ("Remove", value));
            var reason = value.StartsWith(TestWorkers.Name, StringComparison.Ordinal)
                ? "This job no longer exists."
                : "This worker no longer exists.";
            Assert.Equal(reason, await FormClient.ReadErrorAsync(retried));
            Assert.Equal(reason, await FormClient.ReadErrorAsync(removed));
        }
    }

    [Fact]
    public async Task Without_Redis_the_page_shows_an_error()
    {
        await using var node = await NodeProcess.StartWithTestWorkersAsync(Settings);
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();

        await _redis.KillAsync();

        Assert.Contains("Redis does not answer", await TextAsync(ada), StringComparison.Ordinal);
        using var retried = await ada.SubmitAsync("admin/jobs", "jobs", ("Retry", TestWorkers.Name));
        Assert.Equal("Redis does not answer, so this may not have been done.", await FormClient.ReadErrorAsync(retried));
    }

    private static Task<Func<Task<HttpResponseMessage>>> PrepareAsync(FormClient client, string button, IElement letter) => client.FillInAsync(
        "admin/jobs", "jobs", (button, ((IHtmlButtonElement)letter.QuerySelector($"button[name={button}]")!).Value));

    private static async Task<string> TextAsync(FormClient client) => (await client.GetPageAsync("admin/jobs")).QuerySelector("main")!.TextContent;

    /// <summary>Waits until the worker process has stored the dead letters, which happens after the last try.</summary>
    private static async Task DeadLettersAsync(TestNode node, int count)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        var queue = node.Services.GetRequiredService<IJobQueue>();
        while ((await queue.CountAsync(TestWorkers.Name, timeout.Token)).DeadLetters != count)
            await Task.Delay(20, timeout.Token);
    }
}
