using System.Security.Claims;
using BlazorChat.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts;

/// <summary>Who is an admin, by the database: the cookie still calls somebody one a moment after they were unmade.</summary>
internal static class AdminRights
{
    public const string Refusal = "Only an admin can do this.";

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
