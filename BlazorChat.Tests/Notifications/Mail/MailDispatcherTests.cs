using BlazorChat.Accounts.Mail;
using BlazorChat.Common.Sites;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Notifications.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Notifications.Mail;

public sealed class MailDispatcherTests
{
    [Fact]
    public async Task A_mail_is_sent_as_text_and_as_HTML_and_its_row_is_deleted()
    {
        await using var site = await MailSite.CreateAsync();
        site.Database.Services.GetRequiredService<CurrentSite>().Set(new SiteView(1, "Harbor"));
        await site.AddAsync("zoe@example.org");

        await site.CreateDispatcher().SendBatchAsync(default);

        var mail = await site.Sink.ReceiveAsync();
        Assert.Equal("zoe@example.org", mail.To.Mailboxes.Single().Address);
        Assert.Equal("chat@example.org", mail.From.Mailboxes.Single().Address);
        Assert.Equal("Harbor", mail.From.Mailboxes.Single().Name);
        Assert.Equal("Welcome", mail.Subject);
        Assert.Equal("Welcome <to> this site", mail.TextBody?.Trim());
        Assert.Contains("<p>Welcome &lt;to&gt; this site</p>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Empty(await site.ReadWaitingAsync());
    }

    [Fact]
    public async Task Two_nodes_send_each_mail_once_and_each_by_one_connection()
    {
        await using var site = await MailSite.CreateAsync();
        for (var i = 0; i < 2 * MailDispatcher.BatchSize; i++)
            await site.AddAsync($"person{i}@example.org");

        await Task.WhenAll(SendAllAsync(site.CreateDispatcher()), SendAllAsync(site.CreateDispatcher()));

        Assert.Equal(2 * MailDispatcher.BatchSize, site.Sink.Waiting);
        var receivers = new HashSet<string>();
        while (site.Sink.Waiting > 0)
            receivers.Add((await site.Sink.ReceiveAsync()).To.Mailboxes.Single().Address);
        Assert.Equal(2 * MailDispatcher.BatchSize, receivers.Count);
        Assert.InRange(site.Sink.Connections, 2, 4);

        static async Task SendAllAsync(MailDispatcher node)
        {
            while (await node.SendBatchAsync(default) > 0)
            {
            }
        }
    }

    [Fact]
    public async Task A_mail_that_is_refused_for_now_is_tried_again_and_given_up_within_a_day()
    {
        await using var site = await MailSite.CreateAsync();
        var node = site.CreateDispatcher();
        await site.AddAsync("zoe@example.org");
        site.Sink.RecipientAnswer = 451;
        var begun = site.Time.GetUtcNow();

        var attempts = 0;
        while (await site.ReadWaitingAsync() is [var waiting])
        {
            if (waiting.DueAt > site.Time.GetUtcNow().UtcDateTime)
                site.Time.SetUtcNow(waiting.DueAt);
            Assert.Equal(1, await node.SendBatchAsync(default));
            Assert.Equal(0, await node.SendBatchAsync(default));
            attempts++;
        }

        Assert.Equal(6, attempts);
        Assert.InRange(site.Time.GetUtcNow() - begun, TimeSpan.FromHours(20), TimeSpan.FromHours(24));
        Assert.Equal(0, site.Sink.Waiting);
    }

    [Fact]
    public async Task A_mail_arrives_when_the_server_accepts_it_at_last()
    {
        await using var site = await MailSite.CreateAsync();
        var node = site.CreateDispatcher();
        await site.AddAsync("zoe@example.org");
        site.Sink.RecipientAnswer = 451;
        await node.SendBatchAsync(default);
        site.Sink.RecipientAnswer = 250;

        site.Time.Advance(TimeSpan.FromMinutes(1));
        await node.SendBatchAsync(default);

        Assert.Equal(1, site.Sink.Waiting);
        Assert.Empty(await site.ReadWaitingAsync());
    }

    [Fact]
    public async Task A_mail_that_is_refused_for_good_is_given_up_and_does_not_disturb_the_next_one()
    {
        await using var site = await MailSite.CreateAsync();
        var node = site.CreateDispatcher();
        await site.AddAsync("nobody@example.org");
        site.Sink.RecipientAnswer = 550;
        await node.SendBatchAsync(default);
        Assert.Empty(await site.ReadWaitingAsync());

        await site.AddAsync("no address");
        await site.AddAsync("zoe@example.org");
        site.Sink.RecipientAnswer = 250;
        await node.SendBatchAsync(default);

        Assert.Equal("zoe@example.org", (await site.Sink.ReceiveAsync()).To.Mailboxes.Single().Address);
        Assert.Empty(await site.ReadWaitingAsync());
    }

    [Fact]
    public async Task The_mails_of_a_node_that_was_killed_are_sent_by_another_one_after_the_lease()
    {
        await using var site = await MailSite.CreateAsync();
        await site.AddAsync("zoe@example.org");
        await using (var db = await site.Database.OpenAsync())
        {
            var mail = Assert.Single(db.OutgoingMails);
            (mail.LeasedUntil, mail.Attempts) = (site.Time.GetUtcNow().UtcDateTime + MailDispatcher.LeaseDuration, 1);
            await db.SaveChangesAsync();
        }

        Assert.Equal(0, await site.CreateDispatcher().SendBatchAsync(default));
        site.Time.Advance(MailDispatcher.LeaseDuration);
        Assert.Equal(1, await site.CreateDispatcher().SendBatchAsync(default));

        Assert.Equal(1, site.Sink.Waiting);
    }

    [Fact]
    public async Task An_error_delays_its_mail_and_no_other()
    {
        await using var site = await MailSite.CreateAsync();
        await site.AddWrittenAsync("kim@example.org");
        site.Time.Advance(TimeSpan.FromSeconds(1));
        await site.AddAsync("zoe@example.org");
        var begun = site.Time.GetUtcNow().UtcDateTime;

        await site.CreateDispatcher(new Writer((_, _) => throw new TimeoutException())).SendBatchAsync(default);

        Assert.Equal("zoe@example.org", (await site.Sink.ReceiveAsync()).To.Mailboxes.Single().Address);
        var delayed = Assert.Single(await site.ReadWaitingAsync());
        Assert.Equal(("kim@example.org", begun, begun.AddMinutes(1), 1), (delayed.To, delayed.LeasedUntil, delayed.DueAt, delayed.Attempts));
    }

    [Fact]
    public async Task A_node_that_stops_releases_what_it_did_not_send()
    {
        await using var site = await MailSite.CreateAsync();
        await site.AddWrittenAsync("kim@example.org");
        site.Time.Advance(TimeSpan.FromSeconds(1));
        await site.AddAsync("zoe@example.org");
        using var stop = new CancellationTokenSource();
        var stopped = site.CreateDispatcher(new Writer(async (_, token) =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
            return null;
        }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.SendBatchAsync(stop.Token));

        // Another node sends them at once.
        Assert.Equal([1, 0], (await site.ReadWaitingAsync()).Select(mail => mail.Attempts));
        Assert.Equal(2, await site.CreateDispatcher(new Writer((_, _) => Task.FromResult<WrittenMail?>(null))).SendBatchAsync(default));
        Assert.Equal("zoe@example.org", (await site.Sink.ReceiveAsync()).To.Mailboxes.Single().Address);
        Assert.Empty(await site.ReadWaitingAsync());
    }

    [Fact]
    public async Task A_mail_that_stops_each_node_is_given_up()
    {
        await using var site = await MailSite.CreateAsync();
        await site.AddWrittenAsync("kim@example.org");
        await using (var db = await site.Database.OpenAsync())
            await db.OutgoingMails.ExecuteUpdateAsync(mail => mail.SetProperty(m => m.Attempts, 6));
        var tries = 0;

        await site.CreateDispatcher(new Writer((_, _) =>
        {
            tries++;
            return Task.FromResult<WrittenMail?>(null);
        })).SendBatchAsync(default);

        Assert.Equal(0, tries);
        Assert.Empty(await site.ReadWaitingAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("chat at example")]
    public void A_server_without_a_sender_is_refused_at_start(string? from)
    {
        var options = new MailOptions { Host = "mail.example.org", From = from };

        var result = new DataAnnotationValidateOptions<MailOptions>(null).Validate(null, options);

        Assert.Contains("Mail:From", result.FailureMessage, StringComparison.Ordinal);
    }

    /// <summary>Writes the mails that a test sets.</summary>
    private sealed class Writer(Func<string, CancellationToken, Task<WrittenMail?>> write) : IMailWriter
    {
        public MailKind Kind => MailKind.PasswordReset;

        public Task<WrittenMail?> WriteAsync(string to, CancellationToken cancellationToken) => write(to, cancellationToken);
    }
}
