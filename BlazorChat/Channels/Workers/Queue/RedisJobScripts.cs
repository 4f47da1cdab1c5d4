namespace BlazorChat.Channels.Workers.Queue;

/// <summary>
/// How jobs lie in Redis, and every step that they take there, each in one piece:
/// <code>
/// {prefix}:jobs:{name}          stream: event, body, key. A job stays in it until it is done or dead
///   group workers               its pending entries are the jobs that were taken; their idle time is the age of the lease
///     consumer running            … by a worker: which one, nobody needs to know
///     consumer resting            … and failed: with a lease that ends when the rest does
/// {prefix}:job-keys:{name}      hash: the key of each job in the stream, and its id there
/// {prefix}:dead-letters:{name}  stream: event, body, tries, type, message, key
/// {prefix}:!jobs                publish and subscribe: the name of a worker channel that has a new job
/// </code>
/// Whose lease it is says the entry's delivery count, which each taking raises: who has a smaller one has lost it. All keys of a
/// worker channel are in one slot of a cluster. A script that Redis refuses half-way keeps what it has written, so each is written so that this harms nothing.
/// </summary>
internal static class RedisJobScripts
{
    public const string Group = "workers";

    /// <summary>
    /// KEYS: jobs, job keys. ARGV: capacity, event, body, channel, name, key. The id of the job with this key, which may be there already; nil when the
    /// queue is full. Telling the workers is not worth an error: they look by themselves.
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

    /// <summary>KEYS: jobs. ARGV: the lease in milliseconds, or nothing to take new jobs only. An id, tries, event, body, key; or nil.</summary>
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

    /// <summary>KEYS: jobs. ARGV: id, tries, consumer, age of the lease in milliseconds, tries from now on. 0 when another worker has the job.</summary>
    public const string SetLease = """
        local pending = redis.call('XPENDING', KEYS[1], 'workers', ARGV[1], ARGV[1], 1)[1]
        if not pending then return 1 end
        if pending[4] ~= tonumber(ARGV[2]) then return 0 end
        redis.call('XCLAIM', KEYS[1], 'workers', ARGV[3], 0, ARGV[1], 'IDLE', ARGV[4], 'RETRYCOUNT', ARGV[5], 'JUSTID')
        return 1
        """;

    /// <summary>KEYS: jobs, job keys. ARGV: id, key. A job that is done is done, whichever worker has its lease now.</summary>
    public const string Complete = """
        if redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[1] then redis.call('HDEL', KEYS[2], ARGV[2]) end
        redis.call('XACK', KEYS[1], 'workers', ARGV[1])
        return redis.call('XDEL', KEYS[1], ARGV[1])
        """;

    /// <summary>KEYS: jobs, dead letters, job keys. ARGV: id, tries, dead letters to keep, type, message, key. 0 when the lease is lost.</summary>
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

    /// <summary>KEYS: jobs, dead letters. The jobs, those of them that run, the dead letters.</summary>
    public const string Count = """
        local running = 0
        local pending = redis.pcall('XPENDING', KEYS[1], 'workers')
        for _, consumer in ipairs(pending[4] or {}) do
            if consumer[1] == 'running' then running = tonumber(consumer[2]) end
        end
        return { redis.call('XLEN', KEYS[1]), running, redis.call('XLEN', KEYS[2]) }
        """;

    /// <summary>KEYS: dead letters. ARGV: how many. The newest first, each an id, event, tries, type, message; the bodies stay in Redis.</summary>
    public const string ReadDeadLetters = """
        local letters = {}
        for i, entry in ipairs(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[1])) do
            local fields = entry[2]
            letters[i] = { entry[1], fields[2], fields[6], fields[8], fields[10] }
        end
        return letters
        """;

    /// <summary>KEYS: jobs, dead letters, job keys. ARGV: first id, last id, capacity, channel, name. How many became jobs, and how many of them had no room.</summary>
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
