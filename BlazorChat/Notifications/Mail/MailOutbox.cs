using BlazorChat.Accounts.Mail;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using Microsoft.Extensions.Options;

namespace BlazorChat.Notifications.Mail;

/// <summary>
/// The mails that are to be sent, as rows. Mail is on when a server and <c>Shell:PublicUrl</c> are set: a link that has the host of a request could
/// lead to a host that somebody else invented.
/// </summary>
internal sealed class MailOutbox(IOptions<MailOptions> options, IConfiguration configuration, TimeProvider time) : IMailQueue
{
    private readonly Signal _added = new();
    private readonly Uri? _publicUrl = Uri.TryCreate(configuration["Shell:PublicUrl"], UriKind.Absolute, out var address) ? address : null;

    public bool IsOn => options.Value.HasHost && _publicUrl is not null;

    /// <summary>Whether a server is set, but no address for links.</summary>
    public bool HasNoAddress => options.Value.HasHost && _publicUrl is null;

    public string LinkTo(string path) => new Uri(_publicUrl ?? throw Off(), path).AbsoluteUri;

    public void Add(ChatDbContext db, MailKind kind, string to, MailContent? content)
    {
        if (!IsOn)
            throw Off();
        var now = time.GetUtcNow().UtcDateTime;
        db.Add(new OutgoingMail
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Kind = kind,
            To = to,
            Subject = content?.Subject,
            Text = content?.Text,
            Html = content?.Html,
            CreatedAt = now,
            DueAt = now,
            LeasedUntil = now,
        });
    }

    public void Notify() => _added.Set();

    /// <summary>Completes when a mail was added on this node, or when the timeout has passed.</summary>
    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _added.WaitAsync(timeout, cancellationToken);

    private static InvalidOperationException Off() => new("Mail is off: Mail:Host and Shell:PublicUrl must be set.");
}
