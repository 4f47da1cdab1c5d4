using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Data;
using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using BlazorChat.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorChat.Tests.Support;

/// <summary>
/// The services of a place over a real database of the test's own, without pages: SQLite in a file, or, with
/// <c>BLAZORCHAT_TEST_SQLSERVER</c> set to a connection string, a new database on that SQL Server.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly IHost _host;

    private TestDatabase(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    internal RoomDirectory Rooms => Services.GetRequiredService<RoomDirectory>();

    internal Conversation Conversation => Services.GetRequiredService<Conversation>();

    /// <summary>Makes the database and starts the channel layer.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddIdentitySchema();
        var server = Environment.GetEnvironmentVariable("BLAZORCHAT_TEST_SQLSERVER");
        if (string.IsNullOrEmpty(server))
        {
            var folder = NodeProcess.NewDataFolder();
            builder.Services.AddDbContextFactory<SqliteChatDbContext>(options => SqliteConnectionString.Configure(options, folder));
            builder.Services.AddSingleton<IDbContextFactory<ChatDbContext>, Factory<SqliteChatDbContext>>();
        }
        else
        {
            builder.Services.AddDbContextFactory<SqlServerChatDbContext>(options =>
                options.UseSqlServer($"{server};Database=blazorchat_{Guid.NewGuid():N}", sql => sql.EnableRetryOnFailure()));
            builder.Services.AddSingleton<IDbContextFactory<ChatDbContext>, Factory<SqlServerChatDbContext>>();
        }

        builder.Services.AddChannels(builder.Configuration.GetSection("Channels"), redis: null);
        builder.Services.AddEvents(RoomEventsJson.Default);
        builder.Services.AddSingleton<RoomDirectory>();
        builder.Services.AddSingleton<Conversation>();
        var database = new TestDatabase(builder.Build());
        await using (var db = await database.OpenAsync())
            await db.Database.MigrateAsync();
        await database._host.StartAsync();
        return database;
    }

    public Task<ChatDbContext> OpenAsync() => Services.GetRequiredService<IDbContextFactory<ChatDbContext>>().CreateDbContextAsync();

    /// <summary>A person with an account, signed in.</summary>
    public async Task<ClaimsPrincipal> AddPersonAsync(string name, bool isAdmin = false)
    {
        await using var db = await OpenAsync();
        var user = new ChatUser { UserName = name, NormalizedUserName = name.ToUpperInvariant(), DisplayName = name, Email = $"{name}@example.org" };
        db.Add(user);
        await db.SaveChangesAsync();
        return SignIn(user.Id, name, isAdmin);
    }

    /// <summary>The principal of an account, as the cookie gives it.</summary>
    public static ClaimsPrincipal SignIn(int id, string name, bool isAdmin = false)
    {
        var identity = new ClaimsIdentity("test");
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, $"{id}"));
        identity.AddClaim(new Claim(SignedInUser.DisplayNameClaim, name));
        if (isAdmin)
            identity.AddClaim(new Claim(ClaimTypes.Role, SignedInUser.AdminRole));
        return new ClaimsPrincipal(identity);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var db = await OpenAsync())
            await db.Database.EnsureDeletedAsync();
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Factory<TContext>(IDbContextFactory<TContext> inner) : IDbContextFactory<ChatDbContext>
        where TContext : ChatDbContext
    {
        public ChatDbContext CreateDbContext() => inner.CreateDbContext();
    }
}
