namespace BlazorChat.Common;

/// <summary>A rule refused a command. <see cref="Exception.Message"/> is a sentence for the person who gave it.</summary>
public sealed class RefusedException(RefusalCode code, string message) : Exception(message)
{
    /// <summary>The reason, for programs.</summary>
    public RefusalCode Code { get; } = code;

    /// <summary>The delay after which the same command may be repeated; null when repeating it cannot help.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Creates a refusal by a rate limit.</summary>
    /// <param name="reason">A sentence; the delay is appended to it.</param>
    /// <param name="retryAfter">The delay after which the command is accepted.</param>
    public static RefusedException RateLimited(string reason, TimeSpan retryAfter) =>
        new(RefusalCode.RateLimited, $"{reason} Try again in {Describe(retryAfter)}.") { RetryAfter = retryAfter };

    /// <summary>Creates a refusal because storage is full. The delay is an estimate.</summary>
    public static RefusedException Full(string reason, TimeSpan retryAfter) => new(RefusalCode.Full, reason) { RetryAfter = retryAfter };

    private static string Describe(TimeSpan wait) => wait switch
    {
        { TotalSeconds: <= 1 } => "a second",
        { TotalSeconds: < 120 } => $"{Math.Ceiling(wait.TotalSeconds):0} seconds",
        { TotalMinutes: < 120 } => $"{Math.Ceiling(wait.TotalMinutes):0} minutes",
        _ => $"{Math.Ceiling(wait.TotalHours):0} hours",
    };
}

/// <summary>Why a command was refused.</summary>
public enum RefusalCode
{
    /// <summary>It does not exist, or this person may not know of it.</summary>
    NotFound,

    /// <summary>This person may see it, but may not do this.</summary>
    Forbidden,

    /// <summary>The input breaks a rule: it is empty, too long, or not allowed.</summary>
    Invalid,

    /// <summary>The server's storage is full; later it may not be.</summary>
    Full,

    /// <summary>It conflicts with the current state: a name is in use, a liveblog is archived.</summary>
    Conflict,

    /// <summary>A rate limit is reached; the same command is accepted later.</summary>
    RateLimited,
}
