using System.Globalization;
using BlazorChat.Channels.Consumers;
using BlazorChat.Data.Entities;

namespace BlazorChat.Liveblogs.Directory;

/// <summary>Where a reader comes in: a liveblog, and the revision after which to follow it.</summary>
internal sealed record LiveblogEntry(LiveblogView Liveblog, long After)
{
    /// <summary>Nothing will ever come.</summary>
    public bool IsAtTheEnd => Liveblog.State == LiveblogState.Archived && After >= Liveblog.Revision;

    /// <summary>
    /// Finds the liveblog that the address names; a draft is there for its editors alone.
    /// </summary>
    /// <param name="after">The revision that the reader has; null for from now on.</param>
    /// <exception cref="ConnectionRefusedException">There is none (404), or what the reader has is no revision (400).</exception>
    public static async ValueTask<LiveblogEntry> FindAsync(
        LiveblogDirectory liveblogs, ConsumerScope scope, string? after, CancellationToken cancellationToken)
    {
        var liveblog = await liveblogs.FindAsync(scope.User, (string)scope.RouteValues["slug"]!, cancellationToken);
        if (liveblog is null)
            throw new ConnectionRefusedException(StatusCodes.Status404NotFound);
        return Create(liveblog, ParseRevision(after));
    }

    /// <summary>From a revision, or from now on; also for a revision that there is not, like one from before a backup was put back.</summary>
    public static LiveblogEntry Create(LiveblogView liveblog, long? after) =>
        new(liveblog, Math.Min(after ?? liveblog.Revision, liveblog.Revision));

    /// <exception cref="ConnectionRefusedException">It is no revision (400).</exception>
    public static long? ParseRevision(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw new ConnectionRefusedException(StatusCodes.Status400BadRequest);
    }
}
