using BlazorChat.Accounts.Mail;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Notifications.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Notifications.Mail;

/// <summary>A database, the clock and the outbox of a deployment that sends its mails to a sink. Only a test starts a step.</summary>
internal sealed class MailSite(TestDatabase database, FakeTimeProvider time, SmtpSink sink) : IAsyncDisposable
{
    private readonly MailOptions _options = new()
    {
        Host = "127.0.0.1",
        Port = int.Parse(sink.Settings[1].Split('=')[1], System.Globalization.CultureInfo.InvariantCulture),
        Security = MailSecurity.None,
        From = "chat@example.org",
    };

    public TestDatabase Database => database;

    public FakeTimeProvider Time => time;

    public SmtpSink Sink => sink;

    public IDbContextFactory<ChatDbContext> Databases => database.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>();

    public MailOutbox Outbox => field ??= new MailOutbox(
        Options.Create(_options),
        new ConfigurationBuilder().AddInMemoryCollection([new("Shell:PublicUrl", "https://chat.example.org")]).Build(),
        time);

    public static async Task<MailSite> CreateAsync()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        return new MailSite(await TestDatabase.CreateAsync(time: time), time, SmtpSink.Start());
    }

    /// <summary>The dispatcher of one node.</summary>
    public MailDispatcher CreateDispatcher(params IMailWriter[] writers) =>
        new(Databases, Outbox, new MailSender(Options.Create(_options), database.Services.GetRequiredService<BlazorChat.Common.Sites.CurrentSite>(), time), writers, time, NullLogger<MailDispatcher>.Instance);

    /// <summary>Adds a mail with a text.</summary>
    public async Task AddAsync(string to)
    {
        await using var db = await database.OpenAsync();
        Outbox.Add(db, MailKind.Invitation, to, new MailBody().AddText("Welcome <to> this site").ToContent("Welcome"));
        await db.SaveChangesAsync();
    }

    /// <summary>Adds a mail that a writer writes when it is sent.</summary>
    public async Task AddWrittenAsync(string to)
    {
        await using var db = await database.OpenAsync();
        Outbox.Add(db, MailKind.PasswordReset, to, null);
        await db.SaveChangesAsync();
    }

    public async Task<IReadOnlyList<OutgoingMail>> ReadWaitingAsync()
    {
        await using var db = await database.OpenAsync();
        return await db.OutgoingMails.AsNoTracking().OrderBy(mail => mail.Id).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await sink.DisposeAsync();
        await database.DisposeAsync();
    }
}
