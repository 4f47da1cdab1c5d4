namespace BlazorChat.Data.Entities;

/// <summary>Somebody who may write in a liveblog. Admins may in all of them.</summary>
public sealed class LiveblogEditorship
{
    public int LiveblogId { get; init; }

    public Liveblog? Liveblog { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }
}
