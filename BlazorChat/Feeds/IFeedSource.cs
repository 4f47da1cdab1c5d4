namespace BlazorChat.Feeds;

/// <summary>
/// A feature's implementation of its feeds of one kind: the groups that changes are published to, and the queries that read changes. It reads for
/// the node, so it checks no rights; the feature does, before anybody follows. Called from any thread, for several feeds at once.
/// </summary>
/// <typeparam name="TChange">The change of a feed.</typeparam>
/// <example>
/// <code>
/// internal sealed class BoardFeed(IDbContextFactory&lt;ChatDbContext&gt; databases) : IFeedSource&lt;NoteChanged&gt;
/// {
///     private const int PageSize = 256;
///
///     public string GroupOf(int feedId) => $"board.{feedId}";
///
///     public async Task&lt;FeedPage&lt;NoteChanged&gt;&gt; ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken)
///     {
///         await using var db = await databases.CreateDbContextAsync(cancellationToken);
///         // The revision is read first: a note that is written between the queries may come twice, but is never missed.
///         var newest = await db.Boards.Where(board => board.Id == feedId).Select(board => board.LastRevision).SingleOrDefaultAsync(cancellationToken);
///         var notes = await db.Notes.Where(note => note.BoardId == feedId &amp;&amp; note.Revision > afterRevision)
///             .OrderBy(note => note.Revision).Take(PageSize).ToListAsync(cancellationToken);
///         var hasMore = notes.Count == PageSize;
///         var last = notes is [.., var note] ? note.Revision : afterRevision;
///         return new FeedPage&lt;NoteChanged&gt;([.. notes.Select(note => new NoteChanged(note))], hasMore ? last : Math.Max(last, newest), hasMore);
///     }
///
///     public async Task&lt;IReadOnlyDictionary&lt;int, long&gt;&gt; ReadRevisionsAsync(IReadOnlyCollection&lt;int&gt; feedIds, CancellationToken cancellationToken)
///     {
///         await using var db = await databases.CreateDbContextAsync(cancellationToken);
///         return await db.Boards.Where(board => feedIds.Contains(board.Id)).ToDictionaryAsync(board => board.Id, board => board.LastRevision, cancellationToken);
///     }
/// }
/// </code>
/// Added by <c>services.AddFeed&lt;NoteChanged, BoardFeed&gt;()</c>.
/// </example>
public interface IFeedSource<TChange>
    where TChange : IFeedChange
{
    /// <summary>Returns the group of a feed. The feature publishes each change to it after the commit.</summary>
    string GroupOf(int feedId);

    /// <summary>
    /// Reads a page of the changes after a revision, oldest first. When there are more, the page's revision is that of its last change; if not,
    /// it is at least the feed's revision at the time of the call. The host repeats a read that fails while it repairs a feed; another
    /// failure is thrown to the follower.
    /// </summary>
    Task<FeedPage<TChange>> ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken);

    /// <summary>Reads the newest revision of each of these feeds, with one query. Feeds that do not exist are left out.</summary>
    Task<IReadOnlyDictionary<int, long>> ReadRevisionsAsync(IReadOnlyCollection<int> feedIds, CancellationToken cancellationToken);
}
