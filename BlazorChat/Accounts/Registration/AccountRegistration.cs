using System.Data;
using BlazorChat.Accounts.Naming;
using BlazorChat.Common.Sites;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Registration;

/// <param name="User">The new account; null when none was created.</param>
/// <param name="Errors">Sentences for the person who registers.</param>
/// <param name="RoomId">The first of the default rooms, if there is one.</param>
internal sealed record RegistrationResult(ChatUser? User, IReadOnlyList<string> Errors, int? RoomId = null);

/// <summary>Creates accounts.</summary>
internal sealed class AccountRegistration(
    ChatDbContext db, UserManager<ChatUser> users, Invitations invitations, IOptions<AccountOptions> options, TimeProvider time)
{
    /// <summary>Registers a person and makes them a member of the default rooms.</summary>
    /// <param name="code">The code of the invitation; null for open registration.</param>
    public async Task<RegistrationResult> RegisterAsync(
        NewAccount account, string? code, CancellationToken cancellationToken)
    {
        if (!await MayRegisterAsync(code, cancellationToken))
            return new(null, [AccountTexts.Get("InvitationExpired").ToString()]);

        // The password is hashed first, since hashing is slow and no row may be locked meanwhile.
        var (hash, errors) = await HashPasswordAsync(users, account);
        if (hash is null)
            return new(null, errors);
        // Serializable: of two concurrent registrations of one address, the second gets the sentence.
        return await db.InTransactionAsync(isolation: IsolationLevel.Serializable, cancellationToken: cancellationToken, work: async token =>
        {
            var result = await CreateAsync(db, users, account, hash, time, token);
            if (result.User is not { } user)
                return result;
            var rooms = await db.Rooms.AsNoTracking().Where(room => room.IsDefault).OrderBy(room => room.Id).ToListAsync(token);
            db.AddRange(rooms.Select(room => new Membership
            {
                RoomId = room.Id,
                UserId = user.Id,
                LastReadSequence = room.LastSequence,
                JoinedAt = user.CreatedAt,
            }));
            return result with { RoomId = rooms.FirstOrDefault()?.Id };
        });
    }

    public async Task<bool> MayRegisterAsync(string? code, CancellationToken cancellationToken)
    {
        // From the database: a node that does not know yet that an admin has closed it lets nobody in.
        var stored = await db.SiteSettings.Where(site => site.Id == SiteSettings.OnlyId).Select(site => site.Registration).SingleOrDefaultAsync(cancellationToken);
        return options.Value.RegistrationOf(new SiteRules(stored)) switch
        {
            RegistrationMode.Open => code is null || await invitations.IsValidAsync(code, cancellationToken),
            RegistrationMode.Invitation => code is not null && await invitations.IsValidAsync(code, cancellationToken),
            _ => false,
        };
    }

    /// <summary>Returns the hash of the password, or null and why the password is refused.</summary>
    internal static async Task<(string? Hash, IReadOnlyList<string> Errors)> HashPasswordAsync(UserManager<ChatUser> users, NewAccount account)
    {
        var user = Describe(account, default);
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, user, account.Password);
            if (!result.Succeeded)
                return (null, [.. result.Errors.Select(error => error.Description)]);
        }

        return (users.PasswordHasher.HashPassword(user, account.Password), []);
    }

    /// <param name="passwordHash">Null for an account that no password signs in to.</param>
    internal static async Task<RegistrationResult> CreateAsync(
        ChatDbContext db,
        UserManager<ChatUser> users,
        NewAccount account,
        string? passwordHash,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var user = Describe(account, time.GetUtcNow().UtcDateTime);
        user.PasswordHash = passwordHash;
        user.Handle = await FreeHandle.FindAsync(db, user.DisplayName, cancellationToken);
        var result = await users.CreateAsync(user);
        if (result.Succeeded)
            return new(user, []);
        // The address is the user name too, and the person probably has the same name: one sentence is enough.
        var hasAccount = result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.DuplicateEmail));
        var errors = result.Errors
            .Where(error => error.Code != nameof(IdentityErrorDescriber.DuplicateUserName) && !(hasAccount && error.Code == DisplayNames.TakenCode))
            .Select(error => error.Description);
        return new(null, [.. errors]);
    }

    private static ChatUser Describe(NewAccount account, DateTime createdAt) => new()
    {
        UserName = account.Email.Trim(),
        Email = account.Email.Trim(),
        DisplayName = account.Name.Trim(),
        CreatedAt = createdAt,
    };
}
