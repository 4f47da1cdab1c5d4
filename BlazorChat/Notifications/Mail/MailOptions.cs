using System.ComponentModel.DataAnnotations;
using MimeKit;

namespace BlazorChat.Notifications.Mail;

/// <summary>The section <c>Mail</c> of the settings: the SMTP server that sends mails. Without a host no mail is sent.</summary>
public sealed class MailOptions : IValidatableObject
{
    public string? Host { get; set; }

    /// <summary>Null for the port of <see cref="Security"/>: 465 for TLS, else 587.</summary>
    [Range(1, 65_535)]
    public int? Port { get; set; }

    /// <summary>The name for signing in; null for none.</summary>
    public string? User { get; set; }

    public string? Password { get; set; }

    [EnumDataType(typeof(MailSecurity))]
    public MailSecurity Security { get; set; } = MailSecurity.Auto;

    /// <summary>The address of the sender.</summary>
    public string? From { get; set; }

    /// <summary>The name of the sender; null for that of the site.</summary>
    public string? FromName { get; set; }

    internal bool HasHost => !string.IsNullOrWhiteSpace(Host);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!HasHost)
            yield break;
        if (!MailboxAddress.TryParse(From, out _))
            yield return new ValidationResult("Mail:From must be the address of the sender, as in chat@example.org.", [nameof(From)]);
        if (string.IsNullOrEmpty(User) != string.IsNullOrEmpty(Password))
            yield return new ValidationResult("Mail:User and Mail:Password belong together.", [nameof(User)]);
    }
}

public enum MailSecurity
{
    /// <summary>TLS at port 465, else STARTTLS if the server has it. A password is sent only encrypted.</summary>
    Auto,

    /// <summary>STARTTLS, or no mail.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>Unencrypted, for a server on this machine.</summary>
    None,
}
