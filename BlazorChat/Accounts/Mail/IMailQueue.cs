using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;

namespace BlazorChat.Accounts.Mail;

/// <summary>The text of a mail, as plain text and as HTML.</summary>
internal sealed record MailContent(string Subject, string Text, string Html);

/// <summary>Stores mails with what causes them. They are sent later, perhaps by another node.</summary>
internal interface IMailQueue
{
    /// <summary>Whether this deployment sends mail.</summary>
    bool IsOn { get; }

    /// <summary>The public address of a path from the application's root.</summary>
    /// <exception cref="InvalidOperationException">This deployment sends no mail.</exception>
    string LinkTo(string path);

    /// <summary>Adds a mail to what the context saves. Call <see cref="Notify"/> after the commit.</summary>
    /// <param name="db">The context.</param>
    /// <param name="kind">The reason of the mail.</param>
    /// <param name="to">The address of the receiver.</param>
    /// <param name="content">Null when an <see cref="IMailWriter"/> writes it as it is sent.</param>
    /// <exception cref="InvalidOperationException">This deployment sends no mail.</exception>
    void Add(ChatDbContext db, MailKind kind, string to, MailContent? content);

    /// <summary>Begins at once to send what was added.</summary>
    void Notify();
}

/// <summary>Writes the mails of one kind at the time when they are sent, so that their secrets are not stored.</summary>
internal interface IMailWriter
{
    MailKind Kind { get; }

    /// <summary>Writes a mail.</summary>
    /// <param name="to">The address for which it was added, as somebody typed it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when nothing is to be sent.</returns>
    Task<WrittenMail?> WriteAsync(string to, CancellationToken cancellationToken);
}

/// <summary>A mail that was written when it is sent.</summary>
/// <param name="To">The address from the account. A typed one that counts as the same may be the mailbox of somebody else.</param>
/// <param name="Content">Its text.</param>
internal sealed record WrittenMail(string To, MailContent Content);
