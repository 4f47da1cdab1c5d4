using System.Data;
using BlazorChat.Accounts.Passwords;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Registration;

/// <summary>While there is no account: who comes first becomes the admin, and gets a room and an invitation link.</summary>
internal sealed class FirstRun(IServiceScopeFactory scopes, TimeProvider time)
{
    private volatile bool _isDone;

    /// <summary>True once an account exists. Asks the database only until it does.</summary>
    public async ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        if (_isDone)
            return true;
        await using var scope = scopes.CreateAsyncScope();
        return _isDone = await scope.ServiceProvider.GetRequiredService<ChatDbContext>().Users.AnyAsync(cancellationToken);
    }

    /// <summary>
    /// Creates the admin, the room General and the invitation, all or nothing. The database decides between several who try
    /// at once, on whatever nodes: the others get an error.
    /// </summary>
    public async Task<RegistrationResult> SetUpAsync(NewAccount account, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChatDbContext>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ChatUser>>();
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<int>>>();
        var (hash, errors) = await AccountRegistration.HashPasswordAsync(users, account);
        if (hash is null)
            return new(null, errors);
        // Serializable: nobody else can find the table empty until this is decided.
        var made = await db.InTransactionAsync(isolation: IsolationLevel.Serializable, cancellationToken: cancellationToken, work: async token =>
        {
            if (await db.Users.AnyAsync(token))
                return new(null, ["Somebody has just set this place up. Sign in, or ask them for the invitation link."]);
            var result = await AccountRegistration.CreateAsync(users, account, hash, time);
            if (result.User is not { } user)
                return result;

            (await roles.CreateAsync(new IdentityRole<int>(SignedInUser.AdminRole))).ThrowIfFailed();
            (await users.AddToRoleAsync(user, SignedInUser.AdminRole)).ThrowIfFailed();
            var room = new Room { Name = "General", NormalizedName = Room.Normalize("General"), IsDefault = true, CreatedAt = user.CreatedAt };
            db.Add(room);
            db.Add(new Membership { Room = room, UserId = user.Id, Role = MembershipRole.Owner, JoinedAt = user.CreatedAt });
            db.Add(Invitations.Create(user.Id, user.CreatedAt));
            return result;
        });
        _isDone |= made.User is not null;
        return made;
    }
}
