using System.Security.Claims;
using System.Text.Json.Serialization;
using BlazorChat.Accounts.Rights;

namespace BlazorChat.Accounts.Socket;

/// <summary>A frame of a program to the account's socket.</summary>
internal sealed record AccountCommand(string? Type, string? Email, string? Password);

/// <summary>The user of this socket.</summary>
/// <param name="User">Null for an anonymous user.</param>
/// <param name="Ticket">After a login: can be exchanged for a cookie, once.</param>
internal sealed record AccountState(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] AccountUser? User, string? Ticket = null, DateTime? TicketExpiresAt = null)
{
    public string Type { get; } = "account.user";
}

internal sealed record AccountUser(int Id, string Name, bool IsAdmin)
{
    public static AccountUser? From(ClaimsPrincipal user, bool isAdmin) =>
        user.IsSignedIn ? new AccountUser(user.UserId, user.DisplayName, isAdmin) : null;
}

[JsonSerializable(typeof(AccountCommand))]
[JsonSerializable(typeof(AccountState))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class AccountFramesJson : JsonSerializerContext;
