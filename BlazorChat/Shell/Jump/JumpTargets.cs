using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Shell.Jump;

/// <summary>Something that a person can jump to.</summary>
/// <param name="Kind"><c>room</c>, <c>private</c>, <c>direct</c>, <c>person</c> or <c>liveblog</c>.</param>
/// <param name="Text">A second text by which it is found, such as a handle; empty for none.</param>
/// <param name="Address">Relative to the base address.</param>
internal sealed record JumpTarget(string Kind, string Name, string Text, string Address);

/// <param name="IsComplete">Whether these are all that there are, so that the browser can filter them by itself.</param>
internal sealed record JumpList(IReadOnlyList<JumpTarget> Items, bool IsComplete);

/// <summary>Lists the rooms, people and liveblogs that a person can open. Each feature checks what the person may see.</summary>
internal sealed class JumpTargets(
    IDbContextFactory<ChatDbContext> databases, RoomDirectory rooms, RoomMembers members, LiveblogDirectory liveblogs)
{
    /// <summary>The most people that a browser filters by itself. Beyond that the server searches them.</summary>
    internal const int MaxPeople = 500;

    /// <summary>The most liveblogs, those first that are live.</summary>
    private const int MaxLiveblogs = 50;

    /// <summary>The person's rooms, the liveblogs, and all people unless there are too many.</summary>
    public async Task<JumpList> ListAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var joined = await rooms.ListJoinedAsync(person, cancellationToken);
        var others = await rooms.ListVisibleAsync(person, "", after: null, isArchived: false, cancellationToken);
        var open = await liveblogs.ListOpenAsync(person, MaxLiveblogs, cancellationToken);
        var people = await ReadPeopleAsync(person.UserId, cancellationToken);
        var known = joined.Select(room => room.Person?.Id).OfType<int>().ToHashSet();
        return new JumpList(
            [
                .. joined.Concat(others.Where(room => !room.IsMember)).Select(Of),
                .. open.Select(liveblog => new JumpTarget("liveblog", liveblog.Title, "", $"liveblogs/{liveblog.Slug}")),
                // Direct messages with these people are among the rooms.
                .. people.Take(MaxPeople).Where(one => !known.Contains(one.Id)).Select(one => OfPerson(one.Id, one.Name, one.Handle)),
            ],
            others.Count < RoomDirectory.PageSize && people.Count <= MaxPeople);
    }

    /// <summary>Other rooms and people whose names contain a text, a page of each.</summary>
    /// <exception cref="RefusedException">Too many searches.</exception>
    public async Task<JumpList> FindAsync(ClaimsPrincipal person, string text, CancellationToken cancellationToken)
    {
        var found = await rooms.ListVisibleAsync(person, text, after: null, isArchived: false, cancellationToken);
        var people = await members.FindPeopleAsync(person, text, cancellationToken);
        return new JumpList([.. found.Select(Of), .. people.Select(one => OfPerson(one.UserId, one.Name, handle: ""))], IsComplete: false);
    }

    private async Task<IReadOnlyList<(int Id, string Name, string Handle)>> ReadPeopleAsync(int userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var people = await db.Users.AsNoTracking()
            .Where(user => user.Id != userId && user.BannedAt == null)
            .OrderBy(user => user.SearchName)
            .ThenBy(user => user.Id)
            .Take(MaxPeople + 1)
            .Select(user => new { user.Id, user.DisplayName, user.Handle })
            .ToListAsync(cancellationToken);
        return [.. people.Select(user => (user.Id, user.DisplayName, user.Handle))];
    }

    private static JumpTarget Of(RoomView room) => new(
        room.Kind switch { RoomKind.Direct => "direct", RoomKind.Private => "private", _ => "room" }, room.Name, "", $"rooms/{room.Id}");

    private static JumpTarget OfPerson(int id, string name, string handle) => new("person", name, handle, $"direct/{id}");
}
