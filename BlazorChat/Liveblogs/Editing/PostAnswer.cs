using BlazorChat.Common;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>The result of a command, for the script that called it.</summary>
/// <param name="Reason">Why it was refused or failed; null when it was carried out.</param>
/// <param name="Newest">The newest version of the post, when another editor changed it first.</param>
public sealed record PostAnswer(string? Reason = null, OpenedPost? Newest = null)
{
    public static PostAnswer Done { get; } = new();

    internal RefusalCode? Code { get; init; }
}
