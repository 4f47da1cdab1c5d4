using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Redis;

namespace BlazorChat.Tests.Channels.Layer.Redis;

/// <summary>F4 and F5: a Redis that answers and refuses.</summary>
[Trait("Speed", "Slow")]
public sealed class RedisRefusalTests
{
    /// <summary>As on redis-server's command line.</summary>
    private static readonly string[] User = ["--user", "chat", "on", ">secret", "~*", "&*", "+@all"];

    [Fact]
    public async Task F4_A_user_without_channel_rights_is_named_once_with_what_to_grant_and_comes_back_when_it_is_granted()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.ExecuteAsync("ACL", "SETUSER", "chat", "on", ">secret", "~*", "resetchannels", "+@all");
        var log = new LogRecorder();
        await using var node = await StartAsync($"{redis.ConnectionString},user=chat,password=secret", log);

        var line = await log.WaitForAsync("ACL SETUSER chat &test:* +@pubsub +@connection");

        Assert.Contains("NOPERM", line, StringComparison.Ordinal);
        Assert.Equal(LayerState.Degraded, node.Layer.State);
        Assert.Equal("no_permission", node.Services.GetRequiredService<RedisStatus>()[RedisUse.Events]);
        var member = await node.ConnectAsync(new RecordingConsumer("room"));
        await node.Layer.PublishAsync("room", new TestEvent(1));
        Assert.Equal([new TestEvent(1)], await member.ReadAllAsync(node.Layer, "room"));

        await redis.ExecuteAsync("ACL", "SETUSER", "chat", "&test:*");
        await node.WaitForStateAsync(LayerState.Connected);
        Assert.Single(log.Lines, logged => logged.Contains("Redis refuses", StringComparison.Ordinal));
        Assert.Null(node.Services.GetRequiredService<RedisStatus>()[RedisUse.Events]);
    }

    [Fact]
    public async Task F4_The_rights_that_the_log_names_are_enough()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.ExecuteAsync("ACL", "SETUSER", "chat", "on", ">secret", "resetchannels", "&test:*", "+@pubsub", "+@connection", "+info", "+acl|whoami");
        var connection = $"{redis.ConnectionString},user=chat,password=secret";
        await using var here = await TestNode.StartAsync(connection);
        await using var there = await TestNode.StartAsync(connection);
        var member = await there.ConnectAsync(new RecordingConsumer("room"));

        await here.Layer.PublishAsync("room", new TestEvent(1));

        Assert.Equal([new TestEvent(1)], await member.ReadUntilAsync<TestEvent>());
    }

    [Fact]
    public async Task F5_A_wrong_password_of_a_named_user_is_found_though_the_default_user_needs_none()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.ExecuteAsync("ACL", "SETUSER", "chat", "on", ">secret", "~*", "&*", "+@all");

        var (exitCode, error) = await NodeProcess.RunToEndAsync(
            $"Data:Folder={Node.NewDataFolder()}", $"ConnectionStrings:Redis={redis.ConnectionString},user=chat,password=guess");

        Assert.Equal(1, exitCode);
        Assert.Contains("does not start", error, StringComparison.Ordinal);
        Assert.Contains("'default', not as 'chat'", error, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F5_A_wrong_password_that_is_found_only_after_the_start_isolates_the_node()
    {
        await using var redis = await RedisServer.StartAsync(User);
        var log = new LogRecorder();
        await using var node = await StartAsync($"{redis.ConnectionString},user=chat,password=guess", log);

        await log.WaitForAsync("'default', not as 'chat'");

        Assert.Equal(LayerState.Degraded, node.Layer.State);
    }

    [Fact]
    public async Task F5_The_right_password_and_a_server_that_knows_no_users_are_let_in()
    {
        await using var redis = await RedisServer.StartAsync(User);
        await using var old = await RedisServer.StartAsync([.. User, "--rename-command", "ACL", ""]);

        await using var here = await TestNode.StartAsync($"{redis.ConnectionString},user=chat,password=secret", awaitConnected: false);
        await using var there = await TestNode.StartAsync($"{old.ConnectionString},user=chat,password=secret", awaitConnected: false);

        await here.WaitForStateAsync(LayerState.Connected);
        await there.WaitForStateAsync(LayerState.Connected);
    }

    private static Task<TestNode> StartAsync(string redis, LogRecorder log) => TestNode.StartAsync(
        redis, awaitConnected: false, configure: services => services.AddLogging().AddSingleton<ILoggerProvider>(log));
}
