using System.Data;
using BlazorChat.Accounts.Passwords;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Registration;

/// <summary>Sets up a new site: the first visitor creates the admin account, and gets a room and an invitation link.</summary>
internal sealed class FirstRun(IServiceScopeFactory scopes, TimeProvider time)
{
    private volatile bool _isDone;

    /// <summary>Whether an account exists. The database is read only until then.</summary>
    public async ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        if (_isDone)
            return true;
        await using var scope = scopes.CreateAsyncScope();
        return _isDone = await scope.ServiceProvider.GetRequiredService<ChatDbContext>().Users.AnyAsync(cancellationToken);
    }

    /// <summary>
    /// Creates the admin, the first room and the invitation in one transaction. It decides between concurrent calls, also on other nodes: all
    /// but one get an error.
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
        // Serializable: no other transaction finds the table empty meanwhile.
        var result = await db.InTransactionAsync(isolation: IsolationLevel.Serializable, cancellationToken: cancellationToken, work: async token =>
        {
            if (await db.Users.AnyAsync(token))
                return new(null, [AccountTexts.Get("AlreadySetUpHint").ToString()]);
            var created = await AccountRegistration.CreateAsync(db, users, account, hash, time, token);
            if (created.User is not { } user)
                return created;

            (await roles.CreateAsync(new IdentityRole<int>(SignedInUser.AdminRole))).ThrowIfFailed();
            (await users.AddToRoleAsync(user, SignedInUser.AdminRole)).ThrowIfFailed();
            var name = AccountTexts.Get("FirstRoomName").ToString();
            var room = new Room { Name = name, NormalizedName = Room.Normalize(name), IsDefault = true, CreatedAt = user.CreatedAt };
            db.Add(room);
            db.Add(new Membership { Room = room, UserId = user.Id, Role = MembershipRole.Owner, JoinedAt = user.CreatedAt });
            db.Add(Invitations.Create(user.Id, user.CreatedAt));
            return created;
        });
        _isDone |= result.User is not null;
        return result;
    }
}
