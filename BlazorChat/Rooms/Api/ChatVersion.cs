using BlazorChat.Rooms.Messages.Versions;

namespace BlazorChat.Rooms.Api;

/// <summary>An earlier text of a message.</summary>
/// <param name="Revision">The room's revision at which the next text replaced it.</param>
/// <param name="Message">Markdown as it was written.</param>
/// <param name="WrittenAt">UTC.</param>
public sealed record ChatVersion(long Revision, string Message, DateTime WrittenAt)
{
    internal static IReadOnlyList<ChatVersion> From(IReadOnlyList<VersionView> versions) =>
        [.. versions.Select(version => new ChatVersion(version.Revision, version.Markdown, version.WrittenAt))];
}
