using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Mail;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using BlazorChat.Common;
using BlazorChat.Common.Sites;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Notifications;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin;

/// <summary>Mails the invitation link to an address that an admin chooses.</summary>
internal sealed partial class InvitationMails(
    IDbContextFactory<ChatDbContext> databases, Invitations invitations, IMailQueue mails, CurrentSite site, TimeProvider time, ILogger<InvitationMails> logger)
{
    /// <summary>Mails of one admin within an hour, on one node.</summary>
    internal const int PerHour = 50;

    private readonly RateLimit<int> _limit = new(time, PerHour, PerHour / TimeSpan.FromHours(1).TotalSeconds);

    public bool IsOn => mails.IsOn;

    /// <summary>Sends the valid link.</summary>
    /// <exception cref="RefusedException">
    /// The user is no admin, this is no address, there is no link or no mail, or the limit of the admin is reached.
    /// </exception>
    public async Task SendAsync(ClaimsPrincipal admin, string address, CancellationToken cancellationToken)
    {
        var code = await invitations.GetCodeAsync(admin, cancellationToken);
        address = address.Trim();
        if (address.Length > OutgoingMail.MaxAddressLength || !new EmailAddressAttribute().IsValid(address))
            throw new RefusedException(RefusalCode.Invalid, AdminTexts.Get("InvitationAddressInvalid"));
        if (code is null || !mails.IsOn)
            throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("InvitationNotMailed"));
        if (!_limit.TryAcquire(admin.UserId, out var retryAfter))
            throw RefusedException.RateLimited(AdminTexts.Get("TooManyInvitations"), retryAfter);

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        mails.Add(db, MailKind.Invitation, address, new MailBody()
            .AddText(AdminTexts.Get("InvitationMailText", admin.DisplayName))
            .AddLink(AdminTexts.Get("InvitationMailLink"), mails.LinkTo(Invitations.Path(code)))
            .ToContent(AdminTexts.Get("InvitationMailSubject", admin.DisplayName, site.Name)));
        await db.AuditAsync(admin, AuditAction.InvitationMailed, address, time.GetUtcNow().UtcDateTime, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        mails.Notify();
        LogSent(logger, admin.UserId);
    }

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} mails the invitation link")]
    private static partial void LogSent(ILogger logger, int adminId);
}
