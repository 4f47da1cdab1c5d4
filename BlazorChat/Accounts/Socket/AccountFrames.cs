using System.Security.Claims;
using System.Text.Json.Serialization;
using BlazorChat.Accounts.Rights;

namespace BlazorChat.Accounts.Socket;

/// <summary>What a program sends to the account's socket.</summary>
internal sealed record AccountCommand(string? Type, string? Email, string? Password);

/// <summary>Who is signed in on this socket.</summary>
/// <param name="User">Null for a stranger.</param>
/// <param name="Ticket">After a login: may be exchanged for a cookie, once.</param>
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
