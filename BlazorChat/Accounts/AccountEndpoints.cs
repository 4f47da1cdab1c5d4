using BlazorChat.Data;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts;

public static class AccountEndpoints
{
    public static WebApplication MapAccounts(this WebApplication app)
    {
        var account = app.MapGroup("/account").RequireRateLimiting(RateLimits.Attempts);
        account.MapPost("/logout", SignOutAsync);
        account.MapPost("/passkeys/creation-options", CreatePasskeyOptionsAsync).RequireAuthorization();
        account.MapPost("/passkeys/request-options", RequestPasskeyOptionsAsync);
        return app;
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SignInManager<ChatUser> signIn, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/account/login");
    }

    private static async Task<IResult> CreatePasskeyOptionsAsync(
        HttpContext context, UserManager<ChatUser> users, SignInManager<ChatUser> signIn, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();
        if (await users.GetUserAsync(context.User) is not { } user)
            return TypedResults.Unauthorized();
        var options = await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity
        {
            Id = await users.GetUserIdAsync(user),
            Name = user.UserName!,
            DisplayName = user.DisplayName,
        });
        return TypedResults.Content(options, "application/json");
    }

    /// <summary>The same answer for every address, whether there is such an account or not: the browser offers the passkeys it has.</summary>
    private static async Task<IResult> RequestPasskeyOptionsAsync(
        HttpContext context, SignInManager<ChatUser> signIn, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();
        return TypedResults.Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");
    }
}
