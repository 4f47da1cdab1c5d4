using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Accounts.SignIn;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts.Socket;

/// <summary>Signs in and out within a socket; docs/protocol.md has the frames.</summary>
internal sealed class AccountConsumer(IServiceScopeFactory scopes, AttemptLimit attempts, SignInTickets tickets, AdminRights rights)
    : JsonWebSocketConsumer<AccountCommand>(AccountFramesJson.Default.AccountCommand)
{
    protected override ValueTask ReceiveJsonAsync(AccountCommand command, CancellationToken cancellationToken)
    {
        switch (command.Type)
        {
            case "account.login":
                return LoginAsync(command, cancellationToken);
            case "account.logout":
                return LogoutAsync(cancellationToken);
            case "account.whoami":
                return SendUserAsync(cancellationToken);
            default:
                SendError("unknown_command", "There is no command of this type; there are account.login, account.logout and account.whoami.");
                return ValueTask.CompletedTask;
        }
    }

    /// <summary>The socket continues with an anonymous user, and sends that state.</summary>
    protected internal override void OnSignInEnded()
    {
        Scope.ResetUser();
        SendJson(new AccountState(null), AccountFramesJson.Default.AccountState);
    }

    private async ValueTask LoginAsync(AccountCommand command, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(command.Email) || string.IsNullOrEmpty(command.Password))
        {
            SendError("missing_field", "A login needs the fields email and password.");
            return;
        }

        if (attempts.Acquire(Scope.Client) is { } refused)
        {
            SendError(refused.WireCode, refused.Message);
            return;
        }

        var (result, user) = await CheckAsync(command.Email.Trim(), command.Password);
        if (result != SignInResult.Failed)
            attempts.Return(Scope.Client);
        if (user is null)
        {
            SendRefusal(result);
            return;
        }

        try
        {
            await Scope.LoginAsync(user, cancellationToken);
            var (ticket, expiresAt) = await tickets.CreateAsync(Scope.SessionId!, cancellationToken);
            var isAdmin = await rights.IsAdminAsync(Scope.User, cancellationToken);
            SendJson(new AccountState(AccountUser.From(Scope.User, isAdmin), ticket, expiresAt), AccountFramesJson.Default.AccountState);
        }
        catch (UnauthorizedAccessException)
        {
            SendRefusal(SignInResult.NotAllowed);
        }
    }

    private async ValueTask LogoutAsync(CancellationToken cancellationToken)
    {
        await Scope.LogoutAsync(cancellationToken);
        await SendUserAsync(cancellationToken);
    }

    private async Task<(SignInResult Result, ClaimsPrincipal? User)> CheckAsync(string email, string password)
    {
        await using var scope = scopes.CreateAsyncScope();
        var signIn = (ChatSignInManager)scope.ServiceProvider.GetRequiredService<SignInManager<ChatUser>>();
        var (result, user) = await signIn.CheckPasswordAsync(email, password);
        return (result, user is null ? null : await signIn.CreateUserPrincipalAsync(user));
    }

    private async ValueTask SendUserAsync(CancellationToken cancellationToken)
    {
        var isAdmin = await rights.IsAdminAsync(Scope.User, cancellationToken);
        SendJson(new AccountState(AccountUser.From(Scope.User, isAdmin)), AccountFramesJson.Default.AccountState);
    }

    private void SendRefusal(SignInResult result)
    {
        if (result.RequiresTwoFactor)
            SendError("second_factor_required", AccountTexts.Get("SecondFactorRequired").ToString());
        else if (result.IsNotAllowed)
            SendError("not_allowed", AccountTexts.Get("SignInNotAllowed").ToString());
        else
            SendError("invalid_credentials", AccountTexts.Get("WrongCredentials").ToString());
    }
}
