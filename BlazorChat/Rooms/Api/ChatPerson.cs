namespace BlazorChat.Rooms.Api;

/// <summary>A person or a bot, with the handle and the name that they have now.</summary>
/// <param name="Handle">The name by which they are mentioned, without the <c>@</c>.</param>
public sealed record ChatPerson(int UserId, string Handle, string Name);
