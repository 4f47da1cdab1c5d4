using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Demo.Team;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace BlazorChat.Demo.Entry;

/// <summary>Signs a visitor in to the demo without a password. It is mapped in a demo only.</summary>
internal static class DemoEntry
{
    public const string Path = "/demo/enter";

    public static void MapDemoEntry(this WebApplication app) => app.MapPost(Path, EnterAsync);

    private static async Task<IResult> EnterAsync([FromForm] string? person, UserManager<ChatUser> users, SignInManager<ChatUser> signIn)
    {
        if (DemoTeam.Visitors.FirstOrDefault(visitor => visitor.Key == person) is not { } visitor
            || await users.FindByEmailAsync(visitor.Email) is not { } user
            || !await signIn.CanSignInAsync(user))
        {
            return TypedResults.LocalRedirect("/account/login");
        }

        await signIn.SignInAsync(user, isPersistent: true);
        return TypedResults.LocalRedirect("/");
    }
}
