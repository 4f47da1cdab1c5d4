using BlazorChat.Notifications.Mail;
using Microsoft.Extensions.Options;
using MimeKit;

namespace BlazorChat.Notifications.Push;

/// <summary>How a push service reaches the operator of this deployment (RFC 8292, 2.1). Apple's service requires it.</summary>
internal sealed class PushContact(IConfiguration configuration, IOptions<MailOptions> mail)
{
    /// <summary>The public address of this deployment, else the sender of its mails; null when neither is set.</summary>
    public string? Subject { get; } = Find(configuration["Shell:PublicUrl"], mail.Value);

    private static string? Find(string? publicUrl, MailOptions mail)
    {
        if (Uri.TryCreate(publicUrl, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps)
            return address.GetLeftPart(UriPartial.Authority);
        return mail.HasHost && MailboxAddress.TryParse(mail.From, out var sender) ? $"mailto:{sender.Address}" : null;
    }
}
