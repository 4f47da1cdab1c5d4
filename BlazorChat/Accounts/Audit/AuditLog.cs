using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Audit;

/// <summary>Adds entries to the audit log, each in the transaction of its command: neither is stored without the other.</summary>
internal static class AuditLog
{
    /// <summary>Adds an entry to the context. The save of the command stores it.</summary>
    /// <param name="db">The context of the command.</param>
    /// <param name="actor">Who gives the command.</param>
    /// <param name="action">What is done.</param>
    /// <param name="subject">The name of whom or what it changes; cut at <see cref="AuditEntry.MaxSubjectLength"/>.</param>
    /// <param name="now">The time of the command.</param>
    /// <param name="cancellationToken">Ends the read of the actor's name and device.</param>
    public static async Task AuditAsync(
        this ChatDbContext db, ClaimsPrincipal actor, AuditAction action, string subject, DateTime now, CancellationToken cancellationToken)
    {
        var (actorId, sessionId) = (actor.UserId, SessionDirectory.Parse(actor.SessionId));
        var known = await db.Users
            .Where(user => user.Id == actorId)
            .Select(user => new
            {
                user.DisplayName,
                Device = db.UserSessions.Where(session => session.Id == sessionId).Select(session => session.Device).FirstOrDefault(),
            })
            .SingleAsync(cancellationToken);
        subject = subject.Length <= AuditEntry.MaxSubjectLength ? subject : subject[..AuditEntry.MaxSubjectLength];
        var searched = NameForms.SearchOf($"{known.DisplayName} {subject}");
        db.Add(new AuditEntry
        {
            At = now,
            ActorId = actorId,
            ActorName = known.DisplayName,
            Device = known.Device ?? "",
            Action = action,
            Subject = subject,
            SearchText = searched.Length <= AuditEntry.MaxSearchLength ? searched : searched[..AuditEntry.MaxSearchLength],
        });
    }

    /// <summary>The same for a person or a bot, by its name in the database.</summary>
    public static async Task AuditAsync(
        this ChatDbContext db, ClaimsPrincipal actor, AuditAction action, int subjectId, DateTime now, CancellationToken cancellationToken)
    {
        var name = await db.Users.Where(user => user.Id == subjectId).Select(user => user.DisplayName).SingleOrDefaultAsync(cancellationToken);
        await db.AuditAsync(actor, action, name ?? "", now, cancellationToken);
    }
}
