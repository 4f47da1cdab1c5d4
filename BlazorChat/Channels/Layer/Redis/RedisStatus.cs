using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>A use of Redis, whose rights and problems are reported on their own.</summary>
internal enum RedisUse
{
    Events,

    /// <summary>Enqueuing jobs.</summary>
    Jobs,

    /// <summary>Every other command for jobs.</summary>
    Workers,
}

/// <summary>
/// The problems of each use of Redis. <c>/health/ready</c> reports them, and the log has each refusal once, with the command that ends it.
/// Thread-safe.
/// </summary>
internal sealed partial class RedisStatus(RedisAddress address, IOptions<ChannelOptions> options, ILogger<RedisStatus> logger)
{
    private readonly Dictionary<RedisUse, RedisProblem> _problems = [];

    /// <summary>The code of the current problem of a use; null when it works.</summary>
    public string? this[RedisUse use]
    {
        get
        {
            lock (_problems)
                return _problems.GetValueOrDefault(use)?.Code;
        }
    }

    public RedisProblem Failed(RedisUse use, Exception exception)
    {
        var problem = RedisProblem.Of(exception);
        bool isNew;
        lock (_problems)
        {
            isNew = problem.IsRefusal && !IsKnown(use, problem);
            _problems[use] = problem;
        }

        if (isNew)
            LogRefused(logger, Name(use), problem.Reason, Advice(use, problem));
        return problem;
    }

    public void Works(RedisUse use)
    {
        bool isOver;
        lock (_problems)
            isOver = _problems.Remove(use, out var last) && last.IsRefusal && !IsKnown(use, last);
        if (isOver)
            LogWorks(logger, Name(use));
    }

    private static string Name(RedisUse use) => use == RedisUse.Events ? "events" : "jobs";

    private bool IsKnown(RedisUse use, RedisProblem problem) =>
        _problems.Any(known => Name(known.Key) == Name(use) && known.Value.Code == problem.Code);

    private string Advice(RedisUse use, RedisProblem problem)
    {
        var user = address.User ?? "default";
        var prefix = options.Value.Prefix;
        return (use, problem.Code) switch
        {
            (_, RedisProblem.WrongCredentials) => "Check the user and the password in ConnectionStrings:Redis.",
            (RedisUse.Events, RedisProblem.NoPermission) =>
                $"Events stay on this node. Grant them: ACL SETUSER {user} &{prefix}:* +@pubsub +@connection +info +acl|whoami",
            (RedisUse.Events, _) => "Events stay on this node.",
            (_, RedisProblem.NoPermission) =>
                $"Each node does its own jobs. Grant them: ACL SETUSER {user} ~{prefix}:* &{prefix}:* +@scripting +@stream +@hash +@pubsub +@connection +info +acl|whoami",
            (_, RedisProblem.Full) => "Each node does its own jobs until Redis has memory: see maxmemory.",
            (_, RedisProblem.UnknownCommand) => "Each node does its own jobs: they need a server with Streams and scripts, as Redis 7.",
            _ => "Each node does its own jobs.",
        };
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis refuses {Use}: {Reason}. {Advice}")]
    private static partial void LogRefused(ILogger logger, string use, string reason, string advice);

    [LoggerMessage(2, LogLevel.Information, "Redis accepts {Use} again")]
    private static partial void LogWorks(ILogger logger, string use);
}
