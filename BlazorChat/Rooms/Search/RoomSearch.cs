using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Search;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Data.Search;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Search.Indexing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Search;

/// <summary>
/// Finds messages in rooms that a person may read now. The index gives candidates from the scopes of the person; each of them is then read and
/// checked: the right to its room, and that its text of today matches.
/// </summary>
internal sealed class RoomSearch(IDbContextFactory<ChatDbContext> databases, CommandLimit commands, TimeProvider time)
{
    /// <summary>The most results of a page.</summary>
    public const int PageSize = 20;

    /// <summary>UTF-16 code units.</summary>
    private const int MaxSnippet = 240;

    /// <summary>The most candidates of one query of the index.</summary>
    private const int MaxCandidates = 500;

    /// <summary>The most queries of the index for one page. Only a phrase on a database whose index has no order of words needs more than a few.</summary>
    private const int MaxRounds = 100;

    /// <summary>Messages of several nodes are committed in another order than their times, by their clocks.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    /// <summary>A page of results, newest first.</summary>
    /// <param name="query">As <see cref="SearchQuery"/> reads it; nothing is found by an empty one.</param>
    /// <param name="roomId">The only room that is searched; null for all.</param>
    /// <param name="after">The last result of the previous page; null for the first page.</param>
    /// <param name="zone">The time zone of the dates in the query.</param>
    /// <exception cref="RefusedException">The query is malformed, or names a person or a room that this person does not see; or too many commands.</exception>
    public async Task<SearchPage> FindAsync(
        ClaimsPrincipal person, string query, int? roomId, SearchCursor? after, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var userId = person.UserId;
        var parsed = SearchQuery.Parse(query, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).Date));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var names = new SearchNames(db, userId);
        var rooms = roomId is { } one ? await names.FindRoomAsync(one, cancellationToken) : null;
        if (parsed.IsEmpty)
            return new SearchPage([], null);
        var tags = new List<SearchUnit>([.. parsed.Has.Select(SearchUnit.Exactly)]);
        foreach (var (key, value) in parsed.Filters)
        {
            if (key == SearchQuery.FromKey)
                tags.Add(AnyOf([.. (await names.FindPeopleAsync(value, cancellationToken)).Select(SearchTag.Author)]));
            else
                rooms = Intersect(rooms, await names.FindRoomsAsync(value, cancellationToken));
        }

        if (parsed.IsMine)
            tags.Add(SearchUnit.Exactly(SearchTag.Author(userId)));
        if (parsed.IsMention)
            tags.Add(AnyOf([SearchTag.Mentions(userId), SearchTag.MentionsAll]));
        if (rooms is not null)
            tags.Add(AnyOf([.. rooms.Select(SearchTag.Source)]));
        if (rooms is { Count: 0 })
            return new SearchPage([], null);
        if (parsed.Units.Count + tags.Count == 0)
            throw SearchQuery.Invalid(RoomTexts.Get("SearchNeedsWord"));

        var search = new Criteria(parsed.Units, tags, ToUtc(parsed.From, zone), ToUtc(parsed.Until, zone));
        var scopes = await FindScopesAsync(db, userId, rooms, cancellationToken);
        var (first, last) = await FindBoundsAsync(db, userId, search, after, cancellationToken);
        return await ReadPageAsync(db, userId, search, scopes, first, last, cancellationToken);
    }

    /// <summary>The part of the messages that this person may read which is in the index, from 0 to 1.</summary>
    public async Task<double> ReadProgressAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rooms =
            from room in RoomDirectory.Visible(db, person.UserId)
            from position in db.SearchPositions.Where(p => p.Kind == SearchKind.Message && p.SourceId == room.Id).DefaultIfEmpty()
            group new { All = room.LastRevision, Done = position == null ? 0 : position.Revision } by 1 into all
            select new { All = all.Sum(row => row.All), Done = all.Sum(row => row.Done) };
        var sum = await rooms.SingleOrDefaultAsync(cancellationToken);
        // A few that were just written are always missing.
        return sum is null || sum.All - sum.Done < SearchFollower.BatchSize ? 1 : (double)sum.Done / sum.All;
    }

    private static SearchUnit AnyOf(IReadOnlyList<string> tags) => new([.. tags.Select(tag => new[] { new SearchTerm(tag) })]);

    private static IReadOnlyCollection<int> Intersect(IReadOnlyCollection<int>? one, IReadOnlyCollection<int> other) =>
        one is null ? other : [.. one.Intersect(other)];

    private static DateTime? ToUtc(DateTime? local, TimeZoneInfo zone) =>
        local is { } moment ? LocalDay.StartOf(moment, zone) : null;

    /// <summary>The scopes in which entries of this person's rooms are.</summary>
    private static async Task<IReadOnlyCollection<string>> FindScopesAsync(
        ChatDbContext db, int userId, IReadOnlyCollection<int>? rooms, CancellationToken cancellationToken)
    {
        // Entries of rooms that have become open are written again one after the other.
        var rescoped = db.SearchPositions.Where(p => p.Kind == SearchKind.Message && p.RescopedUntil != null).Select(p => p.SourceId);
        var closed = db.Memberships
            .Where(m => m.UserId == userId)
            .Where(m => m.Room!.Kind != RoomKind.Open
                || db.SearchPositions.Any(p => p.Kind == SearchKind.Message && p.SourceId == m.RoomId && !p.IsOpen))
            .Select(m => m.RoomId)
            .Union(db.Rooms.Where(room => room.Kind == RoomKind.Open && rescoped.Contains(room.Id)).Select(room => room.Id));
        if (rooms is not null)
            closed = closed.Where(id => rooms.Contains(id));
        var ids = await closed.ToListAsync(cancellationToken);
        return [SearchScope.All, .. ids.Select(SearchScope.OfSource)];
    }

    private static async Task<(long First, long Last)> FindBoundsAsync(
        ChatDbContext db, int userId, Criteria search, SearchCursor? after, CancellationToken cancellationToken)
    {
        var last = long.MaxValue;
        if (after is { } cursor)
        {
            last = await (
                from message in db.Messages
                join room in RoomDirectory.Visible(db, userId) on message.RoomId equals room.Id
                where message.RoomId == cursor.RoomId && message.Sequence == cursor.Sequence
                select (long?)message.Id).SingleOrDefaultAsync(cancellationToken)
                ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
        }

        if (search.Until is { } until)
            last = Math.Min(last, await FindFirstIdAsync(db, until + ClockSkew, cancellationToken));
        return (search.From is { } from ? await FindFirstIdAsync(db, from - ClockSkew, cancellationToken) - 1 : 0, last);
    }

    /// <summary>The id of the first message that was sent at a time or later, by bisection: ids ascend with time.</summary>
    private static async Task<long> FindFirstIdAsync(ChatDbContext db, DateTime at, CancellationToken cancellationToken)
    {
        var low = 0L;
        var high = 1 + (await db.Messages.MaxAsync(message => (long?)message.Id, cancellationToken) ?? 0);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var next = await db.Messages.Where(message => message.Id >= middle).OrderBy(message => message.Id)
                .Select(message => new { message.Id, message.SentAt })
                .FirstOrDefaultAsync(cancellationToken);
            if (next is null || next.SentAt >= at)
                high = middle;
            else
                low = next.Id + 1;
        }

        return low;
    }

    private static async Task<SearchPage> ReadPageAsync(
        ChatDbContext db, int userId, Criteria search, IReadOnlyCollection<string> scopes, long first, long last, CancellationToken cancellationToken)
    {
        var found = new List<Found>();
        var count = PageSize + 1;
        for (var round = 0; round < MaxRounds; round++)
        {
            var ids = await db.SearchIndex.FindAsync(
                new SearchCondition(SearchKind.Message, scopes, [.. search.Units, .. search.Tags], first, last, count), cancellationToken);
            found.AddRange(await ReadAsync(db, userId, search, ids, cancellationToken));
            if (ids.Count < count || found.Count > PageSize)
                break;
            last = ids[^1];
            count = Math.Min(count * 2, MaxCandidates);
        }

        var results = await NameAsync(db, userId, [.. found.Take(PageSize)], search, cancellationToken);
        return new SearchPage(results, found.Count > PageSize ? new SearchCursor(results[^1].Message.RoomId, results[^1].Message.Sequence) : null);
    }

    /// <summary>Reads those candidates that this person may read and that match now, in their order.</summary>
    private static async Task<IEnumerable<Found>> ReadAsync(
        ChatDbContext db, int userId, Criteria search, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];
        var candidates = await db.Messages.AsNoTracking()
            .Where(message => ids.Contains(message.Id) && message.DeletedAt == null)
            .Where(message => (search.From == null || message.SentAt >= search.From) && (search.Until == null || message.SentAt < search.Until))
            .OrderByDescending(message => message.Id)
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
        var roomIds = candidates.Select(message => message.RoomId).Distinct().ToArray();
        var rooms = await RoomDirectory.Visible(db, userId)
            .Where(room => roomIds.Contains(room.Id))
            .Select(room => new { room.Id, room.Name, room.Kind })
            .ToDictionaryAsync(room => room.Id, cancellationToken);
        return candidates
            .Where(message => rooms.ContainsKey(message.RoomId) && search.Matches(message))
            .Select(message => new Found(message, rooms[message.RoomId].Name, rooms[message.RoomId].Kind));
    }

    private static async Task<IReadOnlyList<SearchResult>> NameAsync(
        ChatDbContext db, int userId, IReadOnlyList<Found> found, Criteria search, CancellationToken cancellationToken)
    {
        var messages = await MentionNames.AddAsync(db, [.. found.Select(one => one.Message)], cancellationToken);
        var directIds = found.Where(one => one.RoomKind == RoomKind.Direct).Select(one => one.Message.RoomId).Distinct().ToArray();
        var memberships = db.Memberships.AsNoTracking().Where(m => m.UserId == userId && directIds.Contains(m.RoomId));
        var others = directIds.Length == 0 ? null : await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
        return
        [
            .. found.Zip(messages, (one, message) => new SearchResult(
                message,
                one.RoomKind == RoomKind.Direct ? DirectPeople.NameOf([.. others![(message.RoomId, userId)]]) : one.RoomName,
                one.RoomKind,
                search.CutSnippet(message))),
        ];
    }

    private sealed record Found(MessageView Message, string RoomName, RoomKind RoomKind);

    private sealed record Criteria(IReadOnlyList<SearchUnit> Units, IReadOnlyList<SearchUnit> Tags, DateTime? From, DateTime? Until)
    {
        public bool Matches(MessageView message)
        {
            var tags = MessageTerms.TagsOf(Searched(message)).ToHashSet();
            if (!Tags.All(unit => unit.Alternatives.Any(terms => tags.Contains(terms[0].Text))))
                return false;
            if (Units.Count == 0)
                return true;
            var text = SearchText.Of(TextOf(message));
            return Units.All(unit => unit.FindIn(text).Any());
        }

        public IReadOnlyList<SnippetPart> CutSnippet(MessageView message)
        {
            var text = TextOf(message);
            var analysed = SearchText.Of(text);
            return SearchSnippet.Of(text, Units.SelectMany(unit => unit.FindIn(analysed)), MaxSnippet);
        }

        private static string TextOf(MessageView message) =>
            MessageTerms.TextOf(message.Html, message.Poll, message.Attachments.Select(file => file.Name));

        private static SearchedMessage Searched(MessageView message) => new(
            message.RoomId,
            message.AuthorId,
            message.Html,
            message.EditedAt is not null,
            [.. message.Attachments.Select(file => new SearchedFile(file.Name, file.Width > 0))]);
    }
}
