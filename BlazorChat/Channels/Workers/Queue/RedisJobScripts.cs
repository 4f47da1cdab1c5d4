namespace BlazorChat.Channels.Workers.Queue;

/// <summary>
/// The data of jobs in Redis, and the scripts that change it atomically:
/// <code>
/// {prefix}:jobs:{name}          stream: event, body, key. A job stays in it until it is done or a dead letter
///   group workers               its pending entries are the leased jobs; the idle time of an entry is the age of its lease
///     consumer running            jobs that a worker executes; the scripts need not know which worker
///     consumer resting            jobs that wait for a retry, with a lease that ends with the delay
/// {prefix}:job-keys:{name}      hash: the key of each job in the stream, and the job's id there
/// {prefix}:dead-letters:{name}  stream: event, body, tries, type, message, key
/// {prefix}:!jobs                publish and subscribe: the name of a worker channel that has a new job
/// </code>
/// Each lease raises the delivery count of its entry, so a worker with a smaller count has lost its lease. All keys of a worker channel are in
/// one slot of a cluster. Redis does not roll a script back that it refuses half-way, so each script is harmless when it ends early.
/// </summary>
internal static class RedisJobScripts
{
    public const string Group = "workers";

    /// <summary>
    /// KEYS: jobs, job keys. ARGV: capacity, event, body, channel, name, key. Returns the id of the job with this key, new or known; nil when
    /// the queue is full. A notification that fails is no error, because workers poll.
    /// </summary>
    public const string Enqueue = """
        local known = redis.call('HGET', KEYS[2], ARGV[6])
        if known and #redis.call('XRANGE', KEYS[1], known, known) > 0 then return known end
        if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return false end
        local id = redis.call('XADD', KEYS[1], '*', 'event', ARGV[2], 'body', ARGV[3], 'key', ARGV[6])
        local named = redis.pcall('HSET', KEYS[2], ARGV[6], id)
        if type(named) == 'table' and named.err then
            redis.call('XDEL', KEYS[1], id)
            return named
        end
        redis.pcall('PUBLISH', ARGV[4], ARGV[5])
        return id
        """;

    /// <summary>KEYS: jobs. ARGV: the lease in milliseconds, or empty to lease new jobs only. Returns id, tries, event, body and key; or nil.</summary>
    public const string Lease = """
        if ARGV[1] ~= '' then
            local cursor = '0-0'
            repeat
                local found = redis.call('XAUTOCLAIM', KEYS[1], 'workers', 'running', ARGV[1], cursor, 'COUNT', 1)
                cursor = found[1]
                local entry = found[2][1]
                if entry then
                    local tries = redis.call('XPENDING', KEYS[1], 'workers', entry[1], entry[1], 1)[1][4]
                    return { entry[1], tries, entry[2][2] or '', entry[2][4] or '', entry[2][6] or '' }
                end
            until cursor == '0-0'
        end
        local read = redis.call('XREADGROUP', 'GROUP', 'workers', 'running', 'COUNT', 1, 'STREAMS', KEYS[1], '>')
        if not read then return false end
        local entry = read[1][2][1]
        return { entry[1], 1, entry[2][2] or '', entry[2][4] or '', entry[2][6] or '' }
        """;

    /// <summary>KEYS: jobs. ARGV: id, tries, consumer, age of the lease in milliseconds, new tries. Returns 0 when another worker has leased the job.</summary>
    public const string SetLease = """
        local pending = redis.call('XPENDING', KEYS[1], 'workers', ARGV[1], ARGV[1], 1)[1]
        if not pending then return 1 end
        if pending[4] ~= tonumber(ARGV[2]) then return 0 end
        redis.call('XCLAIM', KEYS[1], 'workers', ARGV[3], 0, ARGV[1], 'IDLE', ARGV[4], 'RETRYCOUNT', ARGV[5], 'JUSTID')
        return 1
        """;

    /// <summary>KEYS: jobs, job keys. ARGV: id, key. Completes the job even when another worker has leased it meanwhile.</summary>
    public const string Complete = """
        if redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[1] then redis.call('HDEL', KEYS[2], ARGV[2]) end
        redis.call('XACK', KEYS[1], 'workers', ARGV[1])
        return redis.call('XDEL', KEYS[1], ARGV[1])
        """;

    /// <summary>KEYS: jobs, dead letters, job keys. ARGV: id, tries, most dead letters, type, message, key. Returns 0 when the lease is lost.</summary>
    public const string DeadLetter = """
        local pending = redis.call('XPENDING', KEYS[1], 'workers', ARGV[1], ARGV[1], 1)[1]
        if not pending or pending[4] ~= tonumber(ARGV[2]) then return 0 end
        local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
        if entry then
            redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[3], '*', 'event', entry[2][2] or '', 'body', entry[2][4] or '',
                'tries', ARGV[2], 'type', ARGV[4], 'message', ARGV[5], 'key', ARGV[6])
        end
        if redis.call('HGET', KEYS[3], ARGV[6]) == ARGV[1] then redis.call('HDEL', KEYS[3], ARGV[6]) end
        redis.call('XACK', KEYS[1], 'workers', ARGV[1])
        redis.call('XDEL', KEYS[1], ARGV[1])
        return 1
        """;

    /// <summary>KEYS: jobs, dead letters. Returns the numbers of jobs, of running ones among them, and of dead letters.</summary>
    public const string Count = """
        local running = 0
        local pending = redis.pcall('XPENDING', KEYS[1], 'workers')
        for _, consumer in ipairs(pending[4] or {}) do
            if consumer[1] == 'running' then running = tonumber(consumer[2]) end
        end
        return { redis.call('XLEN', KEYS[1]), running, redis.call('XLEN', KEYS[2]) }
        """;

    /// <summary>KEYS: dead letters. ARGV: count. Returns the newest first, each with id, event, tries, type and message; the bodies stay in Redis.</summary>
    public const string ReadDeadLetters = """
        local letters = {}
        for i, entry in ipairs(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[1])) do
            local fields = entry[2]
            letters[i] = { entry[1], fields[2], fields[6], fields[8], fields[10] }
        end
        return letters
        """;

    /// <summary>KEYS: jobs, dead letters, job keys. ARGV: first id, last id, capacity, channel, name. Returns how many became jobs, and how many did not fit.</summary>
    public const string Requeue = """
        local room = tonumber(ARGV[3]) - redis.call('XLEN', KEYS[1])
        local revived, left = 0, 0
        for _, entry in ipairs(redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[2])) do
            if revived < room then
                local key = entry[2][12] or ''
                local id = redis.call('XADD', KEYS[1], '*', 'event', entry[2][2], 'body', entry[2][4], 'key', key)
                redis.call('XDEL', KEYS[2], entry[1])
                redis.call('HSET', KEYS[3], key, id)
                revived = revived + 1
            else
                left = left + 1
            end
        end
        redis.pcall('PUBLISH', ARGV[4], ARGV[5])
        return { revived, left }
        """;
}
