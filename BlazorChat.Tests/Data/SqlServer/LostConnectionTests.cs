using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.SqlServer;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Data.SqlServer;

/// <summary>Connections that are lost are made again, and nothing is written twice.</summary>
[Trait("Speed", "Slow")]
public sealed class LostConnectionTests : IAsyncLifetime
{
    private readonly LostConnections _connections = new();
    private TestDatabase _site = default!;
    private InterceptedDatabase _databases = default!;
    private ClaimsPrincipal _ada = default!;

    public static TheoryData<bool> IsCommitted => [false, true];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The file is SQLite's.");
        _site = await TestDatabase.CreateAsync();
        _databases = new InterceptedDatabase(_site.DataFolder, _connections);
        _ada = await _site.AddPersonAsync("Ada", isAdmin: true);
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public void F6_A_lost_connection_is_known_by_its_class_and_cause_not_by_its_number()
    {
        Assert.True(LostConnectionStrategy.IsLostConnection(LostConnections.Lost(new IOException("", new SocketException((int)SocketError.ConnectionReset)))));
        Assert.True(LostConnectionStrategy.IsLostConnection(LostConnections.Create(0, 20, Guid.NewGuid(), null)));
        Assert.True(LostConnectionStrategy.IsLostConnection(LostConnections.Create(596, 21, Guid.NewGuid(), null)));

        // Cancelled by its user; never connected; a server that is not trusted; a rule of the schema.
        Assert.False(LostConnectionStrategy.IsLostConnection(LostConnections.Create(0, 11, Guid.NewGuid(), null)));
        Assert.False(LostConnectionStrategy.IsLostConnection(LostConnections.Create(0, 20, Guid.Empty, new SocketException((int)SocketError.ConnectionRefused))));
        Assert.False(LostConnectionStrategy.IsLostConnection(LostConnections.Lost(new IOException("", new AuthenticationException()))));
        Assert.False(LostConnectionStrategy.IsLostConnection(LostConnections.Create(2601, 14, Guid.NewGuid(), null)));
        Assert.False(LostConnectionStrategy.IsLostConnection(new InvalidOperationException()));
    }

    [Fact]
    public async Task F6_A_cancelled_command_is_not_tried_again()
    {
        var cancelled = new Refusing(LostConnections.Create(0, 11, Guid.NewGuid(), null));
        await using var db = new InterceptedDatabase(_site.DataFolder, cancelled).CreateDbContext();

        await Assert.ThrowsAnyAsync<Exception>(() => db.Users.ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch)));

        Assert.Equal(1, cancelled.Count);
    }

    [Theory]
    [MemberData(nameof(IsCommitted))]
    public async Task F6_A_message_is_written_once(bool isCommitted)
    {
        var room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        using var writer = Create<MessageWriter>();
        await writer.StartAsync(default);

        Lose(isCommitted);
        var sent = await writer.ApplyAsync(new NewMessage(room.Id, _ada.UserId, Guid.NewGuid(), "one", "<p>one</p>", []), default);
        await writer.StopAsync(default);

        Assert.Equal((1, 1), (sent.Sequence, sent.Revision));
        await using var db = await OpenAsync();
        Assert.Equal(sent.Sequence, (await db.Messages.SingleAsync()).Sequence);
        Assert.Equal(1, (await db.Rooms.SingleAsync(r => r.Id == room.Id)).LastRevision);
    }

    [Theory]
    [MemberData(nameof(IsCommitted))]
    public async Task F6_A_room_is_created_once_and_its_name_is_not_reported_as_taken(bool isCommitted)
    {
        Lose(isCommitted);
        var room = await Create<RoomDirectory>().CreateAsync(_ada, "Room", default);

        await using var db = await OpenAsync();
        Assert.Equal(room.Id, (await db.Rooms.SingleAsync()).Id);
        Assert.Equal(1, await db.Memberships.CountAsync());
        Assert.Equal(1, await db.CommitMarks.CountAsync());
    }

    [Theory]
    [MemberData(nameof(IsCommitted))]
    public async Task F6_An_invitation_is_replaced_once(bool isCommitted)
    {
        var invitations = Create<Invitations>();
        await invitations.ResetAsync(_ada, default);

        Lose(isCommitted);
        await invitations.ResetAsync(_ada, default);

        await using var db = await OpenAsync();
        Assert.Equal([false, true], await db.Invitations.OrderBy(i => i.Id).Select(i => i.RevokedAt == null).ToListAsync());
    }

    [Theory]
    [MemberData(nameof(IsCommitted))]
    public async Task F6_A_post_is_published_pinned_and_edited_once(bool isCommitted)
    {
        var liveblog = await _site.Lifecycle.CreateAsync(_ada, "Launch", "launch", default);
        await _site.Lifecycle.StartAsync(_ada, liveblog.Id, default);
        var editing = Create<PostEditing>(Create<LiveblogWriter>());

        Lose(isCommitted);
        var post = await editing.PublishAsync(_ada, liveblog.Id, Guid.NewGuid(), new PostText("", "one"), default);
        Assert.True(_connections.IsDone);
        Lose(isCommitted);
        await editing.PinAsync(_ada, liveblog.Id, post.Id, true, default);
        Assert.True(_connections.IsDone);
        Lose(isCommitted);
        var edited = await editing.EditAsync(_ada, liveblog.Id, post.Id, 1, new PostText("", "two"), default);

        await using var db = await OpenAsync();
        var kept = await db.LiveblogPosts.SingleAsync();
        Assert.Equal(("two", edited.Revision, true), (kept.Markdown, kept.Revision, kept.IsPinned));
        Assert.Equal(post.Revision + 2, kept.Revision);
        Assert.Equal(2, await db.LiveblogPostVersions.CountAsync());
    }

    [Theory]
    [MemberData(nameof(IsCommitted))]
    public async Task F6_Read_positions_are_stored(bool isCommitted)
    {
        var room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Conversation.SendAsync(_ada, room.Id, Guid.NewGuid(), "one", default);
        await using var db = await OpenAsync();
        await db.Memberships.ExecuteUpdateAsync(m => m.SetProperty(membership => membership.LastReadSequence, 0));

        Lose(isCommitted);
        await ReadMarks.SaveAsync(_databases, [new ReadMark(room.Id, _ada.UserId, 1)], DateTime.UnixEpoch, default);

        Assert.Equal(1, (await db.Memberships.SingleAsync()).LastReadSequence);
    }

    [Theory]
    [MemberData(nameof(IsCommitted))]
    public async Task F6_The_first_account_is_made_once_and_its_password_is_hashed_before_any_lock(bool isCommitted)
    {
        await using (var db = await OpenAsync())
        {
            await db.Users.ExecuteDeleteAsync();
            await db.Roles.ExecuteDeleteAsync();
        }

        await using var services = Identity();

        Lose(isCommitted);
        var made = await services.GetRequiredService<FirstRun>().SetUpAsync(
            new NewAccount { Name = "Ada", Email = "ada@example.org", Password = FormClient.Password }, default);

        Assert.Empty(made.Errors);
        await using var after = await OpenAsync();
        Assert.Equal(made.User!.Id, (await after.Users.SingleAsync()).Id);
        Assert.Equal((1, 1, 1), (await after.Rooms.CountAsync(), await after.Memberships.CountAsync(), await after.Invitations.CountAsync()));
    }

    [Theory]
    [MemberData(nameof(IsCommitted))]
    public async Task F6_A_retried_registration_does_not_report_an_existing_account(bool isCommitted)
    {
        await using var services = Identity();
        await using var scope = services.CreateAsyncScope();

        Lose(isCommitted);
        var made = await scope.ServiceProvider.GetRequiredService<AccountRegistration>().RegisterAsync(
            new NewAccount { Name = "Zoe", Email = "zoe@example.org", Password = FormClient.Password }, null, default);

        Assert.Empty(made.Errors);
        await using var db = await OpenAsync();
        Assert.Equal(2, await db.Users.CountAsync());
    }

    [Fact]
    public async Task Old_marks_are_removed()
    {
        await using (var db = await OpenAsync())
        {
            db.AddRange(Enumerable.Range(0, 1_100).Select(_ => new CommitMark { Id = Guid.NewGuid(), CommittedAt = DateTime.UnixEpoch }));
            await db.SaveChangesAsync();
        }

        await Create<RoomDirectory>().CreateAsync(_ada, "Room", default);
        using var sweep = Create<CommitMarkSweep>(NullLogger<CommitMarkSweep>.Instance);
        await sweep.SweepAsync(default);

        await using var after = await OpenAsync();
        Assert.Equal(1, await after.CommitMarks.CountAsync());
    }

    [Fact]
    public async Task A_database_that_is_away_longer_than_the_retries_does_not_end_the_removal_of_marks()
    {
        var log = new LogRecorder();
        var logger = LoggerFactory.Create(logging => logging.AddProvider(log)).CreateLogger<CommitMarkSweep>();
        using var sweep = new CommitMarkSweep(new Away(), TimeProvider.System, logger);

        await sweep.TrySweepAsync(default);

        Assert.Single(log.Lines);
    }

    private void Lose(bool isCommitted)
    {
        if (isCommitted)
            _connections.LoseNextAfter();
        else
            _connections.LoseNextBefore();
    }

    /// <summary>A service of the node over the database that loses its connections.</summary>
    private T Create<T>(params object[] more) => ActivatorUtilities.CreateInstance<T>(_site.Services, [_databases, .. more]);

    private Task<ChatDbContext> OpenAsync() => _site.OpenAsync();

    private ServiceProvider Identity()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IDbContextFactory<ChatDbContext>>(_databases);
        services.AddScoped(_ => _databases.CreateDbContext());
        services.AddIdentityCore<ChatUser>(options => options.User.AllowedUserNameCharacters = "")
            .AddRoles<IdentityRole<int>>()
            .AddEntityFrameworkStores<ChatDbContext>();
        services.Configure<IdentityOptions>(options =>
        {
            options.Password.RequireDigit = false;
            options.Password.RequireUppercase = false;
            options.Password.RequireNonAlphanumeric = false;
        });
        services.Configure<AccountOptions>(options => options.Registration = RegistrationMode.Open);
        services.AddScoped<IPasswordHasher<ChatUser>, OutsideTransactions>();
        services.AddSingleton(_ => Create<Invitations>());
        services.AddScoped<AccountRegistration>();
        services.AddSingleton<FirstRun>();
        return services.BuildServiceProvider();
    }

    private sealed class OutsideTransactions(ChatDbContext db) : PasswordHasher<ChatUser>
    {
        public override string HashPassword(ChatUser user, string password)
        {
            Assert.Null(db.Database.CurrentTransaction);
            return base.HashPassword(user, password);
        }
    }

    private sealed class Away : IDbContextFactory<ChatDbContext>
    {
        public ChatDbContext CreateDbContext() => throw new RetryLimitExceededException("By the test.");
    }

    private sealed class Refusing(Exception exception) : DbCommandInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Count++;
            throw exception;
        }
    }
}
