using System.Globalization;
using BlazorChat.Channels.Consumers;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs.Directory;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>Where a connection begins: a liveblog, and the revision after which it follows.</summary>
internal sealed record LiveblogPosition(LiveblogView Liveblog, long After)
{
    /// <summary>Whether nothing follows: the liveblog is archived, and the reader has its last change.</summary>
    public bool IsEnd => Liveblog.State == LiveblogState.Archived && After >= Liveblog.Revision;

    /// <summary>Finds the liveblog of the address.</summary>
    /// <param name="after">The revision that the reader has; null to follow from now.</param>
    /// <exception cref="ConnectionRefusedException">The reader may read no such liveblog (404), or the revision is no number (400).</exception>
    public static async ValueTask<LiveblogPosition> FindAsync(
        LiveblogDirectory liveblogs, ConsumerScope scope, string? after, CancellationToken cancellationToken)
    {
        var liveblog = await liveblogs.FindAsync(scope.User, (string)scope.RouteValues["slug"]!, cancellationToken);
        if (liveblog is null)
            throw new ConnectionRefusedException(StatusCodes.Status404NotFound);
        return Create(liveblog, ParseRevision(after));
    }

    /// <summary>The position at a revision, or now. A revision that does not exist yet, as after a restored backup, is now.</summary>
    public static LiveblogPosition Create(LiveblogView liveblog, long? after) =>
        new(liveblog, Math.Min(after ?? liveblog.Revision, liveblog.Revision));

    /// <exception cref="ConnectionRefusedException">It is no number (400).</exception>
    public static long? ParseRevision(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw new ConnectionRefusedException(StatusCodes.Status400BadRequest);
    }
}
