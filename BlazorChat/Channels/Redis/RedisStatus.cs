using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Redis;

/// <summary>What this process uses Redis for.</summary>
internal enum RedisUse
{
    Events,
    Jobs,
}

/// <summary>
/// Whether Redis does what it is used for: for <c>/health/ready</c>, and for the log, which says each refusal once, with
/// what to do about it.
/// </summary>
internal sealed partial class RedisStatus(RedisAddress address, IOptions<ChannelOptions> options, ILogger<RedisStatus> logger)
{
    private readonly ConcurrentDictionary<RedisUse, RedisProblem> _problems = new();

    /// <summary>The code of the problem that a use has; null when it works.</summary>
    public string? this[RedisUse use] => _problems.GetValueOrDefault(use)?.Code;

    public RedisProblem Failed(RedisUse use, Exception exception)
    {
        var problem = RedisProblem.Of(exception);
        var isNew = !_problems.TryGetValue(use, out var last) || last.Code != problem.Code;
        _problems[use] = problem;
        if (isNew && problem.IsRefusal)
            LogRefused(logger, Name(use), problem.Reason, Advice(use, problem));
        return problem;
    }

    public void Works(RedisUse use)
    {
        if (_problems.TryRemove(use, out var last) && last.IsRefusal)
            LogWorks(logger, Name(use));
    }

    private static string Name(RedisUse use) => use == RedisUse.Events ? "events" : "jobs";

    private string Advice(RedisUse use, RedisProblem problem)
    {
        var user = address.User ?? "default";
        var prefix = options.Value.Prefix;
        return (use, problem.Code) switch
        {
            (_, RedisProblem.WrongCredentials) => "Check the user and the password in ConnectionStrings:Redis.",
            (RedisUse.Events, RedisProblem.NoPermission) =>
                $"Events stay on this node. Grant them: ACL SETUSER {user} &{prefix}:* +@pubsub +@connection +info +acl|whoami",
            (RedisUse.Jobs, RedisProblem.NoPermission) =>
                $"Each node does its own jobs. Grant them: ACL SETUSER {user} ~{prefix}:* &{prefix}:* +@scripting +@stream +@hash +@pubsub",
            (RedisUse.Events, _) => "Events stay on this node.",
            (RedisUse.Jobs, RedisProblem.Full) => "Each node does its own jobs until Redis has memory: see maxmemory.",
            (RedisUse.Jobs, RedisProblem.UnknownCommand) => "Each node does its own jobs: they need a server with Streams and scripts, as Redis 7.",
            _ => "Each node does its own jobs.",
        };
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis refuses {Use}: {Reason}. {Advice}")]
    private static partial void LogRefused(ILogger logger, string use, string reason, string advice);

    [LoggerMessage(2, LogLevel.Information, "Redis accepts {Use} again")]
    private static partial void LogWorks(ILogger logger, string use);
}
