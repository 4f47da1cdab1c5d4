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

    /// <summary>The command that gives the user of this site the rights for a use, when they are what is missing; else null.</summary>
    public string? GrantOf(RedisUse use) => this[use] != RedisProblem.NoPermission ? null : Grant(use);

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
            LogRefused(logger, Name(use), problem.Reason, Advice(use, problem, Grant(use)));
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

    private static string Advice(RedisUse use, RedisProblem problem, string grant) => (use, problem.Code) switch
    {
        (_, RedisProblem.WrongCredentials) => "Check the user and the password in ConnectionStrings:Redis.",
        (RedisUse.Events, RedisProblem.NoPermission) => $"Events stay on this node. Grant them: {grant}",
        (RedisUse.Events, _) => "Events stay on this node.",
        (_, RedisProblem.NoPermission) => $"Each node does its own jobs. Grant them: {grant}",
        (_, RedisProblem.Full) => "Each node does its own jobs until Redis has memory: see maxmemory.",
        (_, RedisProblem.UnknownCommand) => "Each node does its own jobs: they need a server with Streams and scripts, as Redis 7.",
        _ => "Each node does its own jobs.",
    };

    private string Grant(RedisUse use)
    {
        var (user, prefix) = (address.User ?? "default", options.Value.Prefix);
        return use == RedisUse.Events
            ? $"ACL SETUSER {user} &{prefix}:* +@pubsub +@connection +info +acl|whoami"
            : $"ACL SETUSER {user} ~{prefix}:* &{prefix}:* +@scripting +@stream +@hash +@pubsub +@connection +info +acl|whoami";
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis refuses {Use}: {Reason}. {Advice}")]
    private static partial void LogRefused(ILogger logger, string use, string reason, string advice);

    [LoggerMessage(2, LogLevel.Information, "Redis accepts {Use} again")]
    private static partial void LogWorks(ILogger logger, string use);
}
