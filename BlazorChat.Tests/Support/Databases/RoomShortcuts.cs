using System.Security.Claims;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>Calls of the services of rooms with the arguments that most tests use.</summary>
internal static class RoomShortcuts
{
    /// <summary>Creates an open room.</summary>
    public static Task<RoomView> CreateAsync(this RoomDirectory rooms, ClaimsPrincipal user, string name, CancellationToken cancellationToken) =>
        rooms.CreateAsync(user, name, RoomKind.Open, cancellationToken);

    public static Task RenameAsync(this RoomSettings settings, ClaimsPrincipal user, int roomId, string name, CancellationToken cancellationToken) =>
        settings.ChangeAsync(user, roomId, new RoomEdit(Name: name), cancellationToken);

    /// <summary>The first page of all rooms that a person may see.</summary>
    public static Task<IReadOnlyList<RoomView>> ListVisibleAsync(this RoomDirectory rooms, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        rooms.ListVisibleAsync(user, "", after: null, cancellationToken);

    /// <summary>A page of the rooms that a person may see and that are not archived.</summary>
    public static Task<IReadOnlyList<RoomView>> ListVisibleAsync(
        this RoomDirectory rooms, ClaimsPrincipal user, string search, RoomView? after, CancellationToken cancellationToken) =>
        rooms.ListVisibleAsync(user, search, after, isArchived: false, cancellationToken);

    /// <summary>The first page of all members.</summary>
    public static Task<IReadOnlyList<MemberView>> ListAsync(
        this RoomMembers members, ClaimsPrincipal user, int roomId, CancellationToken cancellationToken) =>
        members.ListAsync(user, roomId, "", after: null, cancellationToken);
}
