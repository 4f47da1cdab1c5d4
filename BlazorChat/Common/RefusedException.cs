using BlazorChat.Common.Localization;

namespace BlazorChat.Common;

/// <summary>A rule refused a command.</summary>
/// <param name="code">The reason, for programs.</param>
/// <param name="reason">A sentence for the person who gave the command.</param>
public sealed class RefusedException(RefusalCode code, LocalText reason) : Exception
{
    /// <summary>The sentence for the person who gave the command, in the language of who reads it.</summary>
    public override string Message => Reason.ToString();

    /// <summary>The same sentence, for the sentence of another refusal.</summary>
    public LocalText Reason { get; } = reason;

    /// <summary>The reason, for programs.</summary>
    public RefusalCode Code { get; } = code;

    /// <summary>The delay after which the same command may be repeated; null when repeating it cannot help.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Creates a refusal by a rate limit.</summary>
    /// <param name="reason">A sentence; the delay is appended to it.</param>
    /// <param name="retryAfter">The delay after which the command is accepted.</param>
    public static RefusedException RateLimited(LocalText reason, TimeSpan retryAfter) =>
        new(RefusalCode.RateLimited, CommonTexts.Get("TryAgainIn", reason, Describe(retryAfter))) { RetryAfter = retryAfter };

    /// <summary>Creates a refusal because storage is full. The delay is an estimate.</summary>
    public static RefusedException Full(LocalText reason, TimeSpan retryAfter) => new(RefusalCode.Full, reason) { RetryAfter = retryAfter };

    /// <summary>The same refusal with another sentence, as for a command that was carried out in part.</summary>
    public RefusedException With(LocalText sentence) => new(Code, sentence) { RetryAfter = RetryAfter };

    private static LocalText Describe(TimeSpan wait) => wait switch
    {
        { TotalSeconds: < 120 } => CommonTexts.Count("Seconds", Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))),
        { TotalMinutes: < 120 } => CommonTexts.Count("Minutes", (long)Math.Ceiling(wait.TotalMinutes)),
        _ => CommonTexts.Count("Hours", (long)Math.Ceiling(wait.TotalHours)),
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

    /// <summary>The room is archived: it can be read, and nobody writes in it.</summary>
    Archived,

    /// <summary>A rate limit is reached; the same command is accepted later.</summary>
    RateLimited,
}
