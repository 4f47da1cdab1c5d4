using System.Data;
using BlazorChat.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts;

/// <param name="User">Null when nothing was created.</param>
/// <param name="Errors">For the person who registers.</param>
internal sealed record RegistrationResult(ChatUser? User, IReadOnlyList<string> Errors);

/// <summary>Makes accounts. What went wrong comes back in words for the person who registers.</summary>
internal sealed class Registration(
    ChatDbContext db, UserManager<ChatUser> users, Invitations invitations, IOptions<AccountOptions> options, TimeProvider time)
{
    /// <summary>Registers a person and makes them a member of the rooms that everybody starts in.</summary>
    /// <param name="code">The invitation's; null for open registration.</param>
    public async Task<RegistrationResult> RegisterAsync(
        NewAccount account, string? code, CancellationToken cancellationToken)
    {
        if (!await MayRegisterAsync(code, cancellationToken))
            return new(null, ["This invitation no longer works. Ask for a new link."]);

        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            db.ChangeTracker.Clear();
            // Serializable: of two who register one address at once, the second is told so in words.
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, token);
            var result = await CreateAsync(users, account, time);
            if (result.User is not { } user)
                return result;
            var rooms = await db.Rooms.AsNoTracking().Where(room => room.IsDefault).ToListAsync(token);
            db.AddRange(rooms.Select(room => new Membership
            {
                RoomId = room.Id,
                UserId = user.Id,
                LastReadSequence = room.LastSequence,
                JoinedAt = user.CreatedAt,
            }));
            await db.SaveChangesAsync(token);
            await transaction.CommitAsync(token);
            return result;
        }, cancellationToken);
    }

    public async Task<bool> MayRegisterAsync(string? code, CancellationToken cancellationToken) => options.Value.Registration switch
    {
        RegistrationMode.Open => code is null || await invitations.IsValidAsync(code, cancellationToken),
        RegistrationMode.Invitation => code is not null && await invitations.IsValidAsync(code, cancellationToken),
        _ => false,
    };

    internal static async Task<RegistrationResult> CreateAsync(
        UserManager<ChatUser> users, NewAccount account, TimeProvider time)
    {
        var user = new ChatUser
        {
            UserName = account.Email.Trim(),
            Email = account.Email.Trim(),
            DisplayName = account.Name.Trim(),
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        var result = await users.CreateAsync(user, account.Password);
        if (result.Succeeded)
            return new(user, []);
        // The address is the user name as well, and who has an account has its name; one message about it is enough.
        var describer = users.ErrorDescriber;
        var hasAccount = result.Errors.Any(error => error.Code == describer.DuplicateEmail("").Code);
        var errors = result.Errors
            .Where(error => error.Code != describer.DuplicateUserName("").Code && !(hasAccount && error.Code == DisplayNames.TakenCode))
            .Select(error => error.Code == describer.DuplicateEmail("").Code
                ? "There is an account with this email address already. Sign in instead."
                : error.Description);
        return new(null, [.. errors]);
    }
}
