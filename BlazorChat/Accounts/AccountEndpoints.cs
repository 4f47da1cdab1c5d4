using BlazorChat.Accounts.Confirmation;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Accounts.Socket;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using BlazorChat.Data.Entities.Accounts;
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

    /// <summary>The antiforgery token of a page that was opened before the last sign-in is not valid, so the origin of the request is enough.</summary>
    private static async Task<IResult> SignOutAsync(
        HttpContext context, SignInManager<ChatUser> signIn, IAntiforgery antiforgery, Origins origins)
    {
        if (!RequestOrigin.IsOurs(context.Request, origins) && !await antiforgery.IsRequestValidAsync(context))
            return TypedResults.Text(AccountTexts.Get("ForeignRequest").ToString(), statusCode: StatusCodes.Status400BadRequest);
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/account/login");
    }

    /// <summary>
    /// Returns the cookie of the session that a socket has started. Only pages that may open the socket may request it, so that no other page
    /// can sign its visitor in to a foreign account.
    /// </summary>
    private static async Task<IResult> ExchangeTicketAsync(
        HttpContext context, [FromForm] string? ticket, SignInTickets tickets, AttemptLimit attempts, Origins origins)
    {
        if (!origins.Allows(context.Request))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        if (context.User.IsSignedIn)
            return TypedResults.Conflict();
        if (attempts.Refuse(context) is not null)
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
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

    /// <summary>The response is the same for every visitor and reveals no account: the browser offers the passkeys that it has.</summary>
    private static async Task<IResult> RequestPasskeyOptionsAsync(
        HttpContext context, SignInManager<ChatUser> signIn, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();
        return TypedResults.Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");
    }
}
