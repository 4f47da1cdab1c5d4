using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Channels.Workers.Queue;

namespace BlazorChat.Tests.Attachments.Thumbnails;

/// <summary>
/// Thumbnails by real processes, some of which are killed half-way: the first size of a picture is made, and on the second one its maker
/// stands still.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ThumbnailProcessTests : IAsyncLifetime
{
    private const int RoomId = 1;

    /// <summary>The lease is long enough that a living worker on a busy machine extends it in time, and short enough to wait for.</summary>
    private static readonly string[] Quick = ["Channels:Prefix=test", "Channels:Workers:Lease=00:00:03", "Channels:Workers:Run=false"];

    private readonly List<IAsyncDisposable> _started = [];
    private NodeProcess _node = default!;
    private FormClient? _ada;
    private SocketClient _room = default!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        _ada?.Dispose();
    }

    [Fact]
    public async Task A_worker_process_makes_the_thumbnails_of_what_a_node_without_workers_took_in()
    {
        var queue = await StartNodeWithRedisAsync();
        var sent = await SendAsync(TestPictures.Png());
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(sent, ThumbnailSize.Small));
        await WaitsAsync(queue);

        await StartWorkerAsync();

        await AppearsAsync(sent);
        await NothingIsLeftAsync(queue);
    }

    [Fact]
    public async Task What_a_worker_was_killed_over_is_done_by_one_that_ran_beside_it()
    {
        var queue = await StartNodeWithRedisAsync();
        var (one, other) = (await StartWorkerAsync(), await StartWorkerAsync());
        await other.PauseAsync();
        var sent = await SendAndKillHalfWayAsync(one, queue);

        await other.ResumeAsync();

        await AppearsAsync(sent);
        await NothingIsLeftAsync(queue);
    }

    [Fact]
    public async Task What_a_worker_was_killed_over_is_done_when_it_is_started_again()
    {
        var queue = await StartNodeWithRedisAsync();
        var worker = await StartWorkerAsync();
        var sent = await SendAndKillHalfWayAsync(worker, queue);

        await worker.StartAgainAsync();

        await AppearsAsync(sent);
        await NothingIsLeftAsync(queue);
    }

    [Fact]
    public async Task Without_Redis_a_node_that_was_killed_makes_what_it_had_begun_and_what_waited()
    {
        await StartNodeAsync();
        Sent begun, waiting;
        var picture = TestPictures.Png();
        using (await StandStillAsync(picture))
        {
            begun = await SendAsync(picture);
            await IsHalfMadeAsync(picture);
            waiting = await SendAsync(TestPictures.WebP());
            await _node.KillAsync();
        }

        await _node.StartAgainAsync();
        await FollowAsync(waiting.Revision);

        // What nobody has tried goes first.
        await AppearsAsync(waiting);
        await AppearsAsync(begun);
    }

    private async Task<IJobQueue> StartNodeWithRedisAsync()
    {
        var redis = Add(await RedisServer.StartAsync());
        await StartNodeAsync([.. Quick, $"ConnectionStrings:Redis={redis.ConnectionString}"]);
        return Add(await TestNode.StartAsync(redis.ConnectionString, settings: Quick)).Services.GetRequiredService<IJobQueue>();
    }

    private async Task StartNodeAsync(params string[] settings)
    {
        _node = Add(await NodeProcess.StartAsync(null, settings));
        _ada = new FormClient(_node.Address);
        await _ada.SetUpAsync();
        await FollowAsync(0);
    }

    private async Task<NodeProcess> StartWorkerAsync() => Add(await NodeProcess.StartWorkerAsync(_node, ThumbnailConsumer.Channel));

    private async Task FollowAsync(long afterRevision) =>
        _room = Add(await SocketClient.ConnectAsync(_node.Address, $"ws/chat/{RoomId}/chat/?after={afterRevision}", _ada!.Cookies));

    /// <summary>Uploads a picture and sends it.</summary>
    private async Task<Sent> SendAsync(byte[] picture)
    {
        var id = Guid.NewGuid();
        using var content = new ByteArrayContent(picture);
        using var kept = await _ada!.PutAsync($"attachments/{id}?owner=room&ownerId={RoomId}&name=picture", content);
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        await _room.SendTextAsync(JsonSerializer.Serialize(new { message = "look", attachments = new[] { id } }));
        var message = await _room.ReceiveJsonAsync("chat.message.created");
        return new Sent(id, message.GetProperty("sequence").GetInt64(), message.GetProperty("revision").GetInt64());
    }

    private async Task<Sent> SendAndKillHalfWayAsync(NodeProcess worker, IJobQueue queue)
    {
        var picture = TestPictures.Png();
        using var stuck = await StandStillAsync(picture);
        var sent = await SendAsync(picture);
        await IsHalfMadeAsync(picture);
        Assert.Equal(1, (await queue.CountAsync(ThumbnailConsumer.Channel, default)).Running);
        await worker.KillAsync();
        return sent;
    }

    private Task<BlockingFile> StandStillAsync(byte[] picture) => BlockingFile.CreateAsync(PathOf(picture, ThumbnailSize.Large));

    /// <summary>Waits until the first size is made, which publishes no event.</summary>
    private async Task IsHalfMadeAsync(byte[] picture)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!File.Exists(PathOf(picture, ThumbnailSize.Small)))
            await Task.Delay(20, timeout.Token);
    }

    /// <summary>The message with the picture comes again, as the room's next change, and its thumbnails are there.</summary>
    private async Task AppearsAsync(Sent sent)
    {
        var updated = await _room.ReceiveJsonAsync("chat.message.updated");
        Assert.Equal(sent.Sequence, updated.GetProperty("sequence").GetInt64());
        Assert.True(updated.GetProperty("revision").GetInt64() > sent.Revision);
        Assert.Equal(sent.Picture, updated.GetProperty("attachments")[0].GetProperty("id").GetGuid());
        foreach (var size in ThumbnailSize.All)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(sent, size));
    }

    private async Task<HttpStatusCode> StatusAsync(Sent sent, ThumbnailSize size)
    {
        using var response = await _ada!.GetAsync($"attachments/{sent.Picture}/{size.Width}");
        return response.StatusCode;
    }

    private string PathOf(byte[] picture, ThumbnailSize size)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(picture));
        return Path.Combine(_node.DataFolder, "attachments", hash[..2], $"{hash}.{size.Width}.webp");
    }

    /// <summary>The job is there, which is a moment after the upload has been answered.</summary>
    private static Task WaitsAsync(IJobQueue queue) => HasAsync(queue, new JobCounts(1, 0, 0));

    /// <summary>A worker completes a job a moment after the room has received the event.</summary>
    private static Task NothingIsLeftAsync(IJobQueue queue) => HasAsync(queue, new JobCounts(0, 0, 0));

    private static async Task HasAsync(IJobQueue queue, JobCounts counts)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (await queue.CountAsync(ThumbnailConsumer.Channel, timeout.Token) != counts)
            await Task.Delay(20, timeout.Token);
    }

    private T Add<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }

    private sealed record Sent(Guid Picture, long Sequence, long Revision);
}
