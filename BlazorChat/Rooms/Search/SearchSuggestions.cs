using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Search;

/// <summary>A name that completes a filter.</summary>
/// <param name="Name">As people see it.</param>
/// <param name="Text">What the filter has after its colon.</param>
public sealed record SearchSuggestion(string Name, string Text);

/// <summary>Lists the people and rooms that complete a filter of a search.</summary>
internal sealed class SearchSuggestions(IDbContextFactory<ChatDbContext> databases, CommandLimit commands)
{
    /// <summary>The most suggestions.</summary>
    public const int MaxFound = 8;

    /// <param name="key"><see cref="SearchQuery.FromKey"/> or <see cref="SearchQuery.InKey"/>.</param>
    /// <param name="part">A part of a name, or the beginning of a handle; empty for nothing.</param>
    /// <exception cref="RefusedException">Too many commands.</exception>
    public async Task<IReadOnlyList<SearchSuggestion>> ListAsync(ClaimsPrincipal person, string key, string part, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var clean = part.TrimStart('@', '#');
        if (clean.Length == 0 || !PlainText.IsWellFormed(clean))
            return [];
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return key == SearchQuery.FromKey || part.StartsWith('@')
            ? await ListPeopleAsync(db, clean, key == SearchQuery.FromKey ? "" : "@", cancellationToken)
            : await ListRoomsAsync(db, userId, clean, cancellationToken);
    }

    private static async Task<IReadOnlyList<SearchSuggestion>> ListPeopleAsync(
        ChatDbContext db, string part, string prefix, CancellationToken cancellationToken)
    {
        var (name, handle) = (NameForms.SearchOf(part), HandleText.KeyOf(part));
        var people = await db.Users.AsNoTracking()
            .Where(user => user.SearchName.Contains(name) || user.Handle.StartsWith(handle))
            .OrderBy(user => user.SearchName)
            .ThenBy(user => user.Id)
            .Take(MaxFound)
            .Select(user => new { user.DisplayName, user.Handle })
            .ToListAsync(cancellationToken);
        return [.. people.Select(person => new SearchSuggestion(person.DisplayName, prefix + person.Handle))];
    }

    private static async Task<IReadOnlyList<SearchSuggestion>> ListRoomsAsync(
        ChatDbContext db, int userId, string part, CancellationToken cancellationToken)
    {
        var (name, key) = (NameForms.SearchOf(part), Room.LinkKeyOf(part));
        var names = await RoomDirectory.Visible(db, userId)
            .Where(room => room.Kind != RoomKind.Direct && (room.SearchName.Contains(name) || room.LinkKey.StartsWith(key)))
            .OrderBy(room => room.NormalizedName)
            .Select(room => room.Name)
            .Take(MaxFound)
            .ToListAsync(cancellationToken);
        return [.. names.Select(room => new SearchSuggestion(room, room.Replace(' ', '-')))];
    }
}
