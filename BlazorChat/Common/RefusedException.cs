namespace BlazorChat.Common;

/// <summary>A command that the rules refuse; <see cref="Exception.Message"/> is written for the person who asked.</summary>
public sealed class RefusedException(RefusalCode code, string message) : Exception(message)
{
    public RefusalCode Code { get; } = code;

    /// <summary>After how long the same command may be repeated; null when repeating it cannot help.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>A refusal of what would be accepted later.</summary>
    /// <param name="reason">A sentence; when to try again is added to it.</param>
    public static RefusedException RateLimited(string reason, TimeSpan retryAfter) =>
        new(RefusalCode.RateLimited, $"{reason} Try again in {Describe(retryAfter)}.") { RetryAfter = retryAfter };

    /// <summary>A refusal for want of room, which may be made at any time.</summary>
    public static RefusedException Full(string reason, TimeSpan retryAfter) => new(RefusalCode.Full, reason) { RetryAfter = retryAfter };

    private static string Describe(TimeSpan wait) => wait switch
    {
        { TotalSeconds: <= 1 } => "a second",
        { TotalSeconds: < 120 } => $"{Math.Ceiling(wait.TotalSeconds):0} seconds",
        { TotalMinutes: < 120 } => $"{Math.Ceiling(wait.TotalMinutes):0} minutes",
        _ => $"{Math.Ceiling(wait.TotalHours):0} hours",
    };
}

public enum RefusalCode
{
    /// <summary>There is no such thing, or this person may not know of it.</summary>
    NotFound,

    /// <summary>This person may see it, but not do this.</summary>
    Forbidden,

    /// <summary>What was sent breaks a rule: empty, too long, not allowed.</summary>
    Invalid,

    /// <summary>The server has no room to keep it; later it may have.</summary>
    Full,

    /// <summary>What there is stands against it: a name that is taken, a liveblog that is archived.</summary>
    Conflict,

    /// <summary>Too much in a short time; the same command is accepted later.</summary>
    RateLimited,
}
