using BlazorChat.Data;

namespace BlazorChat.Rooms;

/// <summary>A room as one person sees it.</summary>
/// <param name="Role">Null when the person is not a member.</param>
public sealed record RoomView(int Id, string Name, RoomKind Kind, MembershipRole? Role, int Members)
{
    public bool IsMember => Role is not null;
}
