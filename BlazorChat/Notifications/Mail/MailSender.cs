using BlazorChat.Accounts.Mail;
using BlazorChat.Common.Sites;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace BlazorChat.Notifications.Mail;

/// <summary>Sends mails over SMTP.</summary>
internal sealed class MailSender(IOptions<MailOptions> options, CurrentSite site, TimeProvider time)
{
    /// <summary>The longest time of connecting, and of sending one mail.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Opens a connection with the first mail that is sent.</summary>
    public Connection Open() => new(options.Value, site, time);

    private static MimeMessage Compose(MailOptions options, CurrentSite site, Guid id, string to, MailContent content)
    {
        var from = MailboxAddress.Parse(options.From!);
        var message = new MimeMessage
        {
            MessageId = $"{id:N}@{from.Domain}",
            Subject = content.Subject,
            Body = new BodyBuilder { TextBody = content.Text, HtmlBody = content.Html }.ToMessageBody(),
        };
        message.From.Add(new MailboxAddress(string.IsNullOrWhiteSpace(options.FromName) ? site.Name : options.FromName, from.Address));
        message.To.Add(MailboxAddress.Parse(to));
        // Programs that answer mails do not answer this one (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    /// <summary>One connection for a batch of mails. When the server cannot be reached, it is not asked again for the rest of the batch.</summary>
    internal sealed class Connection(MailOptions options, CurrentSite site, TimeProvider time) : IAsyncDisposable
    {
        private SmtpClient? _client;
        private Exception? _unreachable;

        /// <exception cref="MailNotSentException">The server did not accept it.</exception>
        public async Task SendAsync(Guid id, string to, MailContent content, CancellationToken cancellationToken)
        {
            if (!MailboxAddress.TryParse(to, out _))
                throw new MailNotSentException("no address", isFinal: true);
            if (_unreachable is not null)
                throw new MailNotSentException(Describe(_unreachable), isFinal: false);
            using var message = Compose(options, site, id, to, content);
            try
            {
                var client = await WithinAsync(ConnectAsync, cancellationToken);
                await WithinAsync(token => client.SendAsync(message, token), cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A server that refused one mail may accept the next one.
                if (exception is not SmtpCommandException || _client is not { IsConnected: true })
                    _unreachable = exception;
                throw new MailNotSentException(Describe(exception), IsFinal(exception));
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_client is { IsConnected: true } client && _unreachable is null)
            {
                try
                {
                    await WithinAsync(
                        async token =>
                        {
                            await client.DisconnectAsync(quit: true, token);
                            return true;
                        },
                        CancellationToken.None);
                }
                catch (Exception exception) when (exception is IOException or OperationCanceledException or SmtpProtocolException or SmtpCommandException)
                {
                    // The mails are sent.
                }
            }

            _client?.Dispose();
        }

        private async Task<SmtpClient> ConnectAsync(CancellationToken cancellationToken)
        {
            if (_client is { IsConnected: true })
                return _client;
            _client?.Dispose();
            _client = new SmtpClient { Timeout = (int)Timeout.TotalMilliseconds };
            await _client.ConnectAsync(options.Host!, PortOf(options), SecurityOf(options), cancellationToken);
            if (string.IsNullOrEmpty(options.User))
                return _client;
            if (options.Security == MailSecurity.Auto && !_client.IsSecure)
                throw new AuthenticationException("the server offers no encryption, so the password was not sent");
            await _client.AuthenticateAsync(options.User, options.Password!, cancellationToken);
            return _client;
        }

        private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        {
            using var timeout = new CancellationTokenSource(Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            return await work(either.Token);
        }

        private static int PortOf(MailOptions options) => options.Port ?? (options.Security == MailSecurity.Tls ? 465 : 587);

        private static SecureSocketOptions SecurityOf(MailOptions options) => options.Security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.StartTls => SecureSocketOptions.StartTls,
            MailSecurity.None => SecureSocketOptions.None,
            _ => PortOf(options) == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable,
        };

        /// <summary>Whether the server refuses this mail for good (RFC 5321, 5xx). A refused sender or password is a setting that can be corrected.</summary>
        private static bool IsFinal(Exception exception) =>
            exception is SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted } refused
            && (int)refused.StatusCode >= 500;

        /// <summary>The reason without the server's words, which may have the address of the receiver.</summary>
        private static string Describe(Exception exception) => exception switch
        {
            SmtpCommandException refused => $"{(int)refused.StatusCode}",
            OperationCanceledException => "timeout",
            _ => $"{exception.GetType().Name}: {exception.Message}",
        };
    }
}

/// <summary>A mail was not sent.</summary>
/// <param name="reason">For the log: without addresses.</param>
/// <param name="isFinal">Whether another attempt would be refused too.</param>
internal sealed class MailNotSentException(string reason, bool isFinal) : Exception(reason)
{
    public bool IsFinal => isFinal;
}
