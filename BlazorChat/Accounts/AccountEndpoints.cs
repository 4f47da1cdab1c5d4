using System.Globalization;
using BlazorChat.Accounts.Confirmation;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Accounts.Socket;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace BlazorChat.Accounts;

public static class AccountEndpoints
{
    public static WebApplication MapAccounts(this WebApplication app)
    {
        var account = app.MapGroup("/account");
        account.MapPost("/logout", SignOutAsync);
        account.MapPost("/ticket", ExchangeTicketAsync).DisableAntiforgery().ForPrograms();
        account.MapPost("/passkeys/creation-options", CreatePasskeyOptionsAsync).RequireAuthorization()
            .WithMetadata(new RequiresConfirmationAttribute());
        account.MapPost("/passkeys/request-options", RequestPasskeyOptionsAsync);
        app.MapConsumer<AccountConsumer>("/ws/account/");
        return app;
    }

    /// <summary>A page that was open before the last sign-in has a token that is no longer valid, and its visitor still wants to sign out.</summary>
    private static async Task<IResult> SignOutAsync(
        HttpContext context, SignInManager<ChatUser> signIn, IAntiforgery antiforgery, Origins origins)
    {
        if (!RequestOrigin.IsOurs(context.Request, origins) && !await antiforgery.IsRequestValidAsync(context))
            return TypedResults.Text("This request did not come from a page of this site. Nothing was changed.", statusCode: StatusCodes.Status400BadRequest);
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/account/login");
    }

    /// <summary>
    /// Gives a browser the cookie of the session that its socket has begun. Only pages that may open the socket may ask, so that no
    /// other page can sign its visitor in as somebody else.
    /// </summary>
    private static async Task<IResult> ExchangeTicketAsync(
        HttpContext context, [FromForm] string? ticket, SignInTickets tickets, AttemptLimit attempts, Origins origins)
    {
        if (!origins.Allows(context.Request))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        if (context.User.IsSignedIn)
            return TypedResults.Conflict();
        if (!attempts.TryAcquire(context.Connection.RemoteIpAddress, out var retryAfter))
        {
            context.Response.Headers.RetryAfter = TooManyRequests.RoundUp(retryAfter).ToString(CultureInfo.InvariantCulture);
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        if (ticket is null || await tickets.RedeemAsync(ticket, context.RequestAborted) is not { } signIn)
            return TypedResults.Unauthorized();
        attempts.Return(context);
        signIn.Properties.Items[SessionStore.ContinuedSession] = signIn.Principal.SessionId;
        await context.SignInAsync(IdentityConstants.ApplicationScheme, signIn.Principal, signIn.Properties);
        return TypedResults.NoContent();
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
