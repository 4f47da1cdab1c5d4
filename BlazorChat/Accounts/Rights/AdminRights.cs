using System.Security.Claims;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorChat.Accounts.Rights;

/// <summary>
/// Who is an admin, by the database and nothing else: a cookie, a socket and an open page go on calling somebody one after the
/// right has ended. An answer is cached for a while, until <see cref="AdminChanged"/>; while that event may not arrive, the
/// database is asked each time.
/// </summary>
internal sealed class AdminRights(IDbContextFactory<ChatDbContext> databases, IChannelLayer layer) : IDisposable
{
    /// <summary>The policy of pages and parts of pages for admins.</summary>
    public const string Policy = "admin";

    public const string Refusal = "Only an admin can do this.";

    private const int Capacity = 10_000;

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = Capacity });
    private readonly Lock _gate = new();
    private long _changes;

    public async ValueTask<bool> IsAdminAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!user.IsSignedIn)
            return false;
        var userId = user.UserId;
        if (layer.State == LayerState.Connected && _known.TryGetValue(userId, out bool known))
            return known;

        var changes = Interlocked.Read(ref _changes);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isAdmin = await db.IsAdminAsync(user, cancellationToken);
        lock (_gate)
        {
            // An answer that was read before a change may arrive after it.
            if (_changes == changes)
                _known.Set(userId, isAdmin, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Freshness });
        }

        return isAdmin;
    }

    /// <exception cref="RefusedException">Not an admin; the same whether there is what was asked for or not.</exception>
    public async ValueTask CheckAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!await IsAdminAsync(user, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, Refusal);
    }

    /// <summary>Makes every node ask the database again about a person.</summary>
    public async Task PublishChangeAsync(int userId)
    {
        Forget(userId);
        await layer.PublishAsync(SessionGroups.All, new AdminChanged(userId), CancellationToken.None);
    }

    /// <summary>Another node has changed the rights of a person.</summary>
    public void Forget(int userId)
    {
        lock (_gate)
        {
            _changes++;
            _known.Remove(userId);
        }
    }

    /// <summary>Some changes may have been missed.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _changes++;
            _known.Clear();
        }
    }

    public void Dispose() => _known.Dispose();
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
    }
}

internal static class AdminPolicy
{
    /// <summary>What <c>[Authorize(Policy = AdminRights.Policy)]</c> and <c>AuthorizeView</c> ask.</summary>
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
