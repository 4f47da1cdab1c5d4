using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BlazorChat.Accounts.Mail;
using BlazorChat.Channels.Admission;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Notifications;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Recovery;

/// <summary>
/// Mails links at which people choose a new password. A request stores the typed address alone; whether it belongs to an account is asked when the
/// mail is sent. So the answer to a request, and its time, reveal no account, and no link is stored.
/// </summary>
internal sealed partial class PasswordResets(
    IDbContextFactory<ChatDbContext> databases,
    IMailQueue mails,
    IServiceScopeFactory scopes,
    IDataProtectionProvider protection,
    TimeProvider time,
    ILogger<PasswordResets> logger) : IMailWriter
{
    /// <summary>Requests of one email address within an hour; others are ignored.</summary>
    internal const int RequestsPerHour = 3;

    /// <summary>Requests that wait for their mail; others are ignored.</summary>
    private const int MaxWaiting = 1_000;

    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    private readonly RateLimit<string> _limit = new(time, RequestsPerHour, RequestsPerHour / TimeSpan.FromHours(1).TotalSeconds);
    private readonly IDataProtector _protector = protection.CreateProtector("BlazorChat.PasswordResets");

    public MailKind Kind => MailKind.PasswordReset;

    /// <summary>Requests a mail with a link. Nothing happens when mail is off, and beyond the limit of the address.</summary>
    /// <param name="email">An address, which perhaps belongs to no account.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task RequestAsync(string email, CancellationToken cancellationToken)
    {
        if (!mails.IsOn || !_limit.TryAcquire(email.ToUpperInvariant()))
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.OutgoingMails.CountAsync(mail => mail.Kind == MailKind.PasswordReset, cancellationToken) >= MaxWaiting)
        {
            LogFull(logger, MaxWaiting);
            return;
        }

        mails.Add(db, MailKind.PasswordReset, email, content: null);
        await db.SaveChangesAsync(cancellationToken);
        mails.Notify();
    }

    /// <summary>Writes the mail with a new link. Programs, banned people and addresses without an account get none.</summary>
    public async Task<WrittenMail?> WriteAsync(string to, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ChatUser>>();
        if (await users.FindByEmailAsync(to) is not { IsBot: false, BannedAt: null, Email: { } email } user)
            return null;
        using var language = SiteLanguages.Switch(user.Language ?? user.SeenLanguage);
        var link = CreateLink(user.Id, await users.GeneratePasswordResetTokenAsync(user));
        LogCreated(logger, user.Id);
        return new WrittenMail(email, new MailBody()
            .AddText(AccountTexts.Get("ResetMailText", user.DisplayName))
            .AddLink(AccountTexts.Get("ResetMailLink"), mails.LinkTo(link))
            .AddText(AccountTexts.Get("ResetMailHint"))
            .ToContent(AccountTexts.Get("ResetMailSubject")));
    }

    /// <summary>Reads the token of Identity in a link, mailed or created by an admin; null when the link has expired or is not one.</summary>
    /// <param name="link">The last part of the link.</param>
    public string? ReadToken(string link)
    {
        try
        {
            var parts = _protector.Unprotect(link).Split(' ', 2);
            return time.GetUtcNow().ToUnixTimeSeconds() < long.Parse(parts[0], CultureInfo.InvariantCulture) ? parts[1] : null;
        }
        catch (CryptographicException)
        {
            // An admin's link has the token itself.
            return Base64Url.IsValid(link) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(link)) : null;
        }
    }

    internal string CreateLink(int userId, string token)
    {
        var end = (time.GetUtcNow() + LinkLifetime).ToUnixTimeSeconds();
        return $"account/password/{userId}/{_protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{end} {token}"))}";
    }

    [LoggerMessage(1, LogLevel.Information, "A password link was mailed to account {UserId}")]
    private static partial void LogCreated(ILogger logger, int userId);

    [LoggerMessage(2, LogLevel.Warning, "A request for a password link was ignored: {Count} are waiting")]
    private static partial void LogFull(ILogger logger, int count);
}
