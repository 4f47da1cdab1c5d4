using BlazorChat.Common;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>What became of a command, for the script that gave it.</summary>
/// <param name="Reason">Why it was refused; null when it is done.</param>
/// <param name="Newest">The post as it is now, when somebody else was faster.</param>
public sealed record PostAnswer(string? Reason = null, OpenedPost? Newest = null)
{
    public static PostAnswer Done { get; } = new();

    internal RefusalCode? Code { get; init; }
}
