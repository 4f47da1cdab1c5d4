using BlazorChat.Common.Names;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>The sections of the drawer, in their order.</summary>
internal enum DrawerSection
{
    Favourites,
    Rooms,
    Direct,
}

/// <summary>The rooms of a person in the order of the drawer.</summary>
internal static class DrawerRooms
{
    /// <summary>The rooms that match a search, by their section and in the order of <paramref name="rooms"/>. Hidden rooms are not among them.</summary>
    /// <param name="search">Part of the name, without regard to case and diacritics; empty for all.</param>
    /// <param name="open">The id of the open room, which is listed even when it is hidden; null for none.</param>
    public static ILookup<DrawerSection, RoomView> Divide(IEnumerable<RoomView> rooms, string search, int? open)
    {
        var part = NameForms.SearchOf(search);
        return rooms
            .Where(room => !room.IsHidden || room.Id == open)
            .Where(room => part.Length == 0 || NameForms.SearchOf(room.Name).Contains(part, StringComparison.Ordinal))
            .ToLookup(SectionOf);
    }

    /// <summary>The next room in a direction, beginning again at the other end; null for none but the open one.</summary>
    /// <param name="rooms">The rooms in their order.</param>
    /// <param name="open">The id of the open room; null for none.</param>
    /// <param name="step">1 or -1.</param>
    /// <param name="which">A further condition.</param>
    public static RoomView? Next(IReadOnlyList<RoomView> rooms, int? open, int step, Func<RoomView, bool> which)
    {
        var at = rooms.Select(room => room.Id).ToList().IndexOf(open ?? 0);
        var start = at >= 0 ? at : step > 0 ? -1 : rooms.Count;
        return Enumerable.Range(1, rooms.Count)
            .Select(i => rooms[(start + (step * i) + (2 * rooms.Count)) % rooms.Count])
            .FirstOrDefault(room => room.Id != open && which(room));
    }

    private static DrawerSection SectionOf(RoomView room) =>
        room.IsFavourite ? DrawerSection.Favourites
        : room.Kind == RoomKind.Direct ? DrawerSection.Direct
        : DrawerSection.Rooms;
}
