using BlazorChat.Accounts.Presence;
using BlazorChat.Rooms.Members;

namespace BlazorChat.Rooms.Api;

/// <summary>Whether a member of a room is connected.</summary>
/// <param name="State">
/// <c>online</c>, or <c>away</c> after five minutes without activity; a bot is online. In changes also <c>offline</c>, or <c>unknown</c> while the
/// nodes are not connected.
/// </param>
/// <param name="StatusEmoji">Empty for none.</param>
/// <param name="StatusText">Empty for none.</param>
/// <param name="StatusUntil">UTC, when the status ends by itself; null for never, and without a status.</param>
public sealed record ChatPresence(int UserId, string State, string StatusEmoji, string StatusText, DateTime? StatusUntil)
{
    internal static IReadOnlyList<ChatPresence> From(IReadOnlyList<MemberPresence> members) =>
    [
        .. members.Select(member => new ChatPresence(
            member.UserId,
            member.State switch
            {
                PresenceState.Online => "online",
                PresenceState.Away => "away",
                PresenceState.Offline => "offline",
                _ => "unknown",
            },
            member.Status?.Emoji ?? "",
            member.Status?.Text ?? "",
            member.Status?.Until)),
    ];
}

/// <summary>What a program that follows presence receives.</summary>
/// <param name="IsComplete">Whether these are all who are connected; otherwise they are those who have changed.</param>
public sealed record ChatPresencePage(bool IsComplete, IReadOnlyList<ChatPresence> People)
{
    internal static ChatPresencePage From(PresencePage page) => new(page.IsComplete, ChatPresence.From(page.People));
}
