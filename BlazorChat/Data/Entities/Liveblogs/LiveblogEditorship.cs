using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Liveblogs;

/// <summary>The right of a person to write in a liveblog. Admins may write in all of them.</summary>
public sealed class LiveblogEditorship
{
    public int LiveblogId { get; init; }

    public Liveblog? Liveblog { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }
}
