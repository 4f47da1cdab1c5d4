using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Mentions;

/// <summary>A name that the composer completes.</summary>
/// <param name="Name">The name of the person or the room.</param>
/// <param name="Text">What is written, without its <c>@</c> or <c>#</c>: a handle, or the name of a room with dashes instead of spaces.</param>
public sealed record CompletionItem(string Name, string Text);

/// <param name="IsComplete">Whether these are all names, so that the browser can filter them.</param>
/// <param name="Called">The number of people that a mention of all members calls.</param>
public sealed record CompletionList(IReadOnlyList<CompletionItem> Items, bool IsComplete, int Called = 0);

/// <summary>Lists the people and rooms that a message can mention. Every call checks the right to the room.</summary>
internal sealed class Completion(IDbContextFactory<ChatDbContext> databases, RoomDirectory rooms, PresenceDirectory presence, CommandLimit commands)
{
    /// <summary>The most people that a browser filters by itself.</summary>
    public const int MaxPeople = 500;

    /// <summary>The most rooms that a browser filters by itself.</summary>
    public const int MaxRooms = 200;

    /// <summary>The most results of a search.</summary>
    public const int MaxFound = 20;

    /// <summary>The other members of a room, by name: another order would reveal who has read it.</summary>
    /// <param name="part">Part of a name, or the beginning of a handle; empty for the first <see cref="MaxPeople"/>.</param>
    /// <exception cref="RefusedException">There is no room that this person may see, or too many commands.</exception>
    public async Task<CompletionList> ListPeopleAsync(ClaimsPrincipal person, int roomId, string part, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        await rooms.GetAsync(person, roomId, cancellationToken);
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var members = db.Memberships.Where(m => m.RoomId == roomId && m.UserId != userId && m.User!.BannedAt == null);
        var called = part.Length == 0 ? await members.CountAsync(m => !m.User!.IsBot, cancellationToken) : 0;
        var isSearch = PlainText.IsWellFormed(part) && part.Length > 0;
        if (isSearch)
        {
            var (name, handle) = (NameForms.SearchOf(part), HandleText.KeyOf(part));
            members = members.Where(m => m.User!.SearchName.Contains(name) || m.User.Handle.StartsWith(handle));
        }

        var items = await members
            .OrderBy(m => m.User!.SearchName)
            .ThenBy(m => m.UserId)
            .Take(isSearch ? MaxFound : MaxPeople)
            .Select(m => new CompletionItem(m.User!.DisplayName, m.User.Handle))
            .ToListAsync(cancellationToken);
        return new CompletionList(items, !isSearch && items.Count < MaxPeople, called);
    }

    /// <summary>The number of people whom <c>@here</c> calls now.</summary>
    /// <exception cref="RefusedException">There is no room that this person may see, or too many commands.</exception>
    public async Task<int> CountHereAsync(ClaimsPrincipal person, int roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        await rooms.GetAsync(person, roomId, cancellationToken);
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var members = await db.Memberships
            .Where(m => m.RoomId == roomId && m.UserId != userId && m.User!.BannedAt == null && !m.User.IsBot)
            .Select(m => m.UserId)
            .ToListAsync(cancellationToken);
        return members.Count(presence.IsConnected);
    }

    /// <summary>The number of people whom a text calls by <c>@room</c> or <c>@here</c>; 0 for a text without them.</summary>
    /// <param name="markdown">As it was typed.</param>
    /// <returns>Also whether it calls all members.</returns>
    /// <exception cref="RefusedException">There is no room that this person may see, or too many commands.</exception>
    public async Task<(int People, bool IsRoom)> CountCalledAsync(ClaimsPrincipal person, int roomId, string markdown, CancellationToken cancellationToken)
    {
        var html = MarkdownHtml.RenderWithMentions(markdown);
        if (MentionLookup.MentionsRoom(html))
            return ((await ListPeopleAsync(person, roomId, "", cancellationToken)).Called, true);
        return (MentionLookup.MentionsHere(html) ? await CountHereAsync(person, roomId, cancellationToken) : 0, false);
    }

    /// <summary>The number of other members who follow a thread. A reply that only the thread shows calls them, whomever it mentions.</summary>
    /// <param name="root">The sequence of the first message of the thread.</param>
    /// <exception cref="RefusedException">There is no room that this person may see, or too many commands.</exception>
    public async Task<int> CountFollowersAsync(ClaimsPrincipal person, int roomId, long root, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        await rooms.GetAsync(person, roomId, cancellationToken);
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ThreadFollows.CountAsync(
            follow => follow.Thread!.RoomId == roomId && follow.Thread.RootSequence == root && follow.UserId != userId
                && follow.User!.BannedAt == null && !follow.User.IsBot && db.Memberships.Any(m => m.RoomId == roomId && m.UserId == follow.UserId),
            cancellationToken);
    }

    /// <summary>Open rooms that a text can link to, by name. A link to a private room would reveal its name to other readers.</summary>
    /// <param name="part">Part of a name; empty for the first <see cref="MaxRooms"/>.</param>
    /// <exception cref="RefusedException">Too many commands.</exception>
    public async Task<CompletionList> ListRoomsAsync(ClaimsPrincipal person, string part, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = db.Rooms.Where(room => room.Kind == RoomKind.Open && room.ArchivedAt == null);
        var isSearch = PlainText.IsWellFormed(part) && part.Length > 0;
        if (isSearch)
        {
            var (name, key) = (NameForms.SearchOf(part), Room.LinkKeyOf(part));
            open = open.Where(room => room.SearchName.Contains(name) || room.LinkKey.StartsWith(key));
        }

        var names = await open
            .OrderBy(room => room.NormalizedName)
            .Take(isSearch ? MaxFound : MaxRooms)
            .Select(room => room.Name)
            .ToListAsync(cancellationToken);
        var items = names.Select(name => new CompletionItem(name, name.Replace(' ', '-'))).Where(item => HandleText.FindEnd(item.Text) == item.Text.Length);
        return new CompletionList([.. items], !isSearch && names.Count < MaxRooms);
    }
}
