namespace BlazorChat.Data;

/// <summary>A command that the rules refuse; <see cref="Exception.Message"/> is written for the person who asked.</summary>
public sealed class RefusedException(RefusalCode code, string message) : Exception(message)
{
    public RefusalCode Code { get; } = code;
}

public enum RefusalCode
{
    /// <summary>There is no such thing, or this person may not know of it.</summary>
    NotFound,

    /// <summary>This person may see it, but not do this.</summary>
    Forbidden,

    /// <summary>What was sent breaks a rule: empty, too long, not allowed.</summary>
    Invalid,

    /// <summary>What there is stands against it: a name that is taken, a liveblog that is archived.</summary>
    Conflict,
}
