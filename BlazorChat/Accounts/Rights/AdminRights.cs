using System.Security.Claims;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Rights;

/// <summary>
/// Who is an admin. Only the database decides: cookies, sockets and open pages would grant the right after it has ended. An answer is cached
/// for a while and until <see cref="AdminChanged"/>. While that event may not arrive, the database is read each time.
/// </summary>
internal sealed class AdminRights(IDbContextFactory<ChatDbContext> databases, IChannelLayer layer) : IDisposable
{
    /// <summary>The policy of pages and parts of pages for admins.</summary>
    public const string Policy = "admin";

    public static LocalText Refusal => AccountTexts.Get("AdminRequired");

    private readonly NodeCache<int, bool> _known = new(layer, TimeSpan.FromSeconds(30));

    public async ValueTask<bool> IsAdminAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        user.IsSignedIn && await _known.GetAsync(user.UserId, token => ReadAsync(user, token), cancellationToken);

    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async ValueTask CheckAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!await IsAdminAsync(user, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, Refusal);
    }

    /// <summary>Has every node read the right of a person again.</summary>
    public async Task PublishChangeAsync(int userId)
    {
        Forget(userId);
        await layer.PublishAsync(SessionGroups.All, new AdminChanged(userId), CancellationToken.None);
    }

    /// <summary>Removes the cached right of a person, which another node has changed.</summary>
    public void Forget(int userId) => _known.Remove(userId);

    /// <summary>Removes all cached rights, since events may have been lost.</summary>
    public void Clear() => _known.Clear();

    public void Dispose() => _known.Dispose();

    private async Task<bool> ReadAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.IsAdminAsync(user, cancellationToken);
    }
}

internal static class AdminQueries
{
    extension(ChatDbContext db)
    {
        public IQueryable<IdentityUserRole<int>> Admins =>
            from userRole in db.UserRoles
            join role in db.Roles on userRole.RoleId equals role.Id
            where role.Name == SignedInUser.AdminRole
            select userRole;

        public Task<bool> IsAdminAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
        {
            var id = user.UserId;
            return db.Admins.AnyAsync(admin => admin.UserId == id, cancellationToken);
        }

        /// <exception cref="RefusedException">The user is no admin.</exception>
        public async Task CheckAdminAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
        {
            if (!await db.IsAdminAsync(user, cancellationToken))
                throw new RefusedException(RefusalCode.Forbidden, AdminRights.Refusal);
        }
    }
}

internal static class AdminPolicy
{
    /// <summary>Adds the policy of <c>[Authorize(Policy = AdminRights.Policy)]</c> and <c>AuthorizeView</c>.</summary>
    public static IServiceCollection AddAdminPolicy(this IServiceCollection services)
    {
        services.AddAuthorizationCore(options => options.AddPolicy(
            AdminRights.Policy, policy => policy.RequireAuthenticatedUser().AddRequirements(new Requirement())));
        services.AddSingleton<IAuthorizationHandler, Handler>();
        return services;
    }

    private sealed class Requirement : IAuthorizationRequirement;

    private sealed class Handler(AdminRights rights) : AuthorizationHandler<Requirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, Requirement requirement)
        {
            if (await rights.IsAdminAsync(context.User, CancellationToken.None))
                context.Succeed(requirement);
        }
    }
}
