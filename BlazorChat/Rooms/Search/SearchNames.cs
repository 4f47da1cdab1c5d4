using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Search;

/// <summary>Looks up the people and rooms that a query names.</summary>
internal sealed class SearchNames(ChatDbContext db, int userId)
{
    /// <summary>The most people or rooms with one name.</summary>
    private const int MaxFound = 50;

    private const string Me = "me";

    /// <summary>The ids of the people with a handle or a display name; <c>me</c> is the reader.</summary>
    /// <exception cref="RefusedException">There is nobody.</exception>
    public async Task<IReadOnlyCollection<int>> FindPeopleAsync(string name, CancellationToken cancellationToken)
    {
        var clean = name.TrimStart('@');
        if (clean.Equals(Me, StringComparison.OrdinalIgnoreCase))
            return [userId];
        var (handle, search) = (HandleText.KeyOf(clean), NameForms.SearchOf(clean));
        var ids = await db.Users.AsNoTracking()
            .Where(user => user.Handle == handle || user.SearchName == search)
            .OrderBy(user => user.Id)
            .Select(user => user.Id)
            .Take(MaxFound)
            .ToListAsync(cancellationToken);
        return ids.Count > 0 ? ids : throw SearchQuery.Invalid(RoomTexts.Get("SearchPersonUnknown", name));
    }

    /// <summary>The ids of the rooms with a name that the reader sees, or of the direct room with a person.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public async Task<IReadOnlyCollection<int>> FindRoomsAsync(string name, CancellationToken cancellationToken)
    {
        var ids = name.StartsWith('@')
            ? await FindDirectAsync(await FindPeopleAsync(name, cancellationToken), cancellationToken)
            : await FindNamedAsync(name.TrimStart('#'), cancellationToken);
        return ids.Count > 0 ? ids : throw SearchQuery.Invalid(RoomTexts.Get("SearchRoomUnknown", name));
    }

    /// <exception cref="RefusedException">There is no room with this id that the reader sees.</exception>
    public async Task<IReadOnlyCollection<int>> FindRoomAsync(int roomId, CancellationToken cancellationToken) =>
        await RoomDirectory.Visible(db, userId).AnyAsync(room => room.Id == roomId, cancellationToken) ? [roomId] : throw RoomDirectory.NotFound();

    private async Task<List<int>> FindNamedAsync(string name, CancellationToken cancellationToken)
    {
        var key = Room.LinkKeyOf(name);
        return await RoomDirectory.Visible(db, userId)
            .Where(room => room.LinkKey == key && room.Kind != RoomKind.Direct)
            .OrderBy(room => room.Id)
            .Select(room => room.Id)
            .Take(MaxFound)
            .ToListAsync(cancellationToken);
    }

    private async Task<List<int>> FindDirectAsync(IReadOnlyCollection<int> personIds, CancellationToken cancellationToken)
    {
        string[] keys = [.. personIds.Select(id => string.Join(',', new[] { id, userId }.Distinct().Order()))];
        return await db.Rooms.AsNoTracking().Where(room => keys.Contains(room.PeopleKey)).Select(room => room.Id).ToListAsync(cancellationToken);
    }
}
