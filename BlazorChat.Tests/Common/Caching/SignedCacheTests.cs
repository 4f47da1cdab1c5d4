using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Channels.Layer.Redis;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Data.Entities;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace BlazorChat.Tests.Common.Caching;

/// <summary>What a node of this deployment did not write is not in the cache.</summary>
public sealed class SignedCacheTests : IAsyncLifetime
{
    private RedisServer _redis = default!;
    private TestDatabase _site = default!;

    private IDistributedCache Cache => _site.Services.GetRequiredService<IDistributedCache>();

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        // The user and the rights of docs/deployment.md.
        var documented = (await File.ReadAllLinesAsync(Path.Combine(Node.Repository, "docs", "deployment.md")))
            .Single(line => line.StartsWith("ACL SETUSER chat on", StringComparison.Ordinal))
            .Replace(">…", ">secret", StringComparison.Ordinal)
            .Split(' ');
        await _redis.ExecuteAsync(documented[0], documented[1..]);
        _site = await TestDatabase.CreateAsync($"{_redis.ConnectionString},user=chat,password=secret");
        await _site.WaitForSharedCacheAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
            await _site.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task G15_An_entry_that_was_changed_or_moved_is_not_there()
    {
        await using var other = await _site.AddNodeAsync();
        await other.WaitForSharedCacheAsync();
        await Cache.SetStringAsync("page", "<p>hello</p>");
        var theirs = other.Services.GetRequiredService<IDistributedCache>();
        Assert.Equal("<p>hello</p>", await theirs.GetStringAsync("page"));
        await using var intruder = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var db = intruder.GetDatabase();
        var entry = (byte[])(await db.HashGetAsync("blazorchat:cache:page", "data"))!;

        await CopyAsync(entry, "moved");
        byte[] changed = [.. entry];
        changed[^1] ^= 1;
        await CopyAsync(changed, "page");
        await CopyAsync("<p>forged</p>"u8.ToArray(), "short");

        Assert.Null(await theirs.GetStringAsync("moved"));
        Assert.Null(await theirs.GetStringAsync("page"));
        Assert.Null(await theirs.GetStringAsync("short"));
        await CopyAsync(entry, "page");
        Assert.Equal("<p>hello</p>", await theirs.GetStringAsync("page"));

        Task CopyAsync(byte[] value, string key) => db.HashSetAsync(
            $"blazorchat:cache:{key}", [new("absexp", -1), new("sldexp", -1), new("data", value)]);
    }

    [Fact]
    public async Task F4_The_documented_rights_are_enough_for_events_jobs_and_the_cache()
    {
        var queue = _site.Services.GetRequiredService<IJobQueue>();
        await queue.EnqueueAsync(ThumbnailConsumer.Channel, "picture", "thumbnail.wanted", "{}"u8.ToArray(), default);
        var job = await queue.LeaseAsync(ThumbnailConsumer.Channel, sweep: true);

        Assert.Equal("1", (string?)await _redis.ExecuteAsync("XLEN", $"blazorchat:jobs:{{{ThumbnailConsumer.Channel}}}"));
        await queue.CompleteAsync(job!, default);
        var status = _site.Services.GetRequiredService<RedisStatus>();
        Assert.All(Enum.GetValues<RedisUse>(), use => Assert.Null(status[use]));
    }

    [Fact]
    public async Task D10_An_upload_does_not_wait_for_a_stalled_Redis()
    {
        var ada = await _site.AddPersonAsync("Ada");
        var room = await _site.Rooms.CreateAsync(ada, "Open", default);
        var uploads = _site.Services.GetRequiredService<AttachmentUploads>();
        await _redis.PauseAsync();

        // A job was waited for five seconds.
        var upload = new Upload(Guid.NewGuid(), AttachmentPlace.Room, room.Id, "picture.png");
        await uploads.ReceiveAsync(ada, upload, new MemoryStream(TestPictures.Png()), default).WaitAsync(TimeSpan.FromSeconds(4));

        await _redis.ResumeAsync();
    }
}
