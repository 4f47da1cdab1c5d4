using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Accounts.Naming;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using BlazorChat.Feeds;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using BlazorChat.Shell;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>
/// The services of a node, without pages, over a real database of the test: SQLite in a file, or a new database on the SQL Server of the
/// connection string in <c>BLAZORCHAT_TEST_SQLSERVER</c>. Disposing the first node deletes the database.
/// </summary>
/// <example>
/// <code>
/// await using var site = await TestDatabase.CreateAsync();
/// var ada = await site.AddPersonAsync("Ada", isAdmin: true);
/// var liveblog = await site.Lifecycle.CreateAsync(ada, "Launch", "launch", default);
/// </code>
/// </example>
public sealed partial class TestDatabase : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _address;
    private readonly string? _redis;
    private readonly bool _isOwner;

    private TestDatabase(IHost host, string address, string? redis, bool isOwner)
    {
        _host = host;
        _address = address;
        _redis = redis;
        _isOwner = isOwner;
    }

    /// <summary>The folder of this node's files.</summary>
    public string DataFolder { get; private init; } = "";

    public IServiceProvider Services => _host.Services;

    public IChannelLayer Layer => Services.GetRequiredService<IChannelLayer>();

    internal PresenceDirectory Presence => Services.GetRequiredService<PresenceDirectory>();

    internal RoomDirectory Rooms => Services.GetRequiredService<RoomDirectory>();

    internal DirectRooms DirectRooms => Services.GetRequiredService<DirectRooms>();

    internal RoomSettings RoomSettings => Services.GetRequiredService<RoomSettings>();

    internal RoomLifecycle RoomLifecycle => Services.GetRequiredService<RoomLifecycle>();

    internal RoomOwners Owners => Services.GetRequiredService<RoomOwners>();

    internal RoomPreferences Preferences => Services.GetRequiredService<RoomPreferences>();

    internal NotificationPreferences Notifications => Services.GetRequiredService<NotificationPreferences>();

    internal LiveblogDirectory Liveblogs => Services.GetRequiredService<LiveblogDirectory>();

    internal LiveblogLifecycle Lifecycle => Services.GetRequiredService<LiveblogLifecycle>();

    internal LiveblogPosts Posts => Services.GetRequiredService<LiveblogPosts>();

    internal PostEditing Editing => Services.GetRequiredService<PostEditing>();

    internal LiveblogDrafts Drafts => Services.GetRequiredService<LiveblogDrafts>();

    internal LiveblogEditors Editors => Services.GetRequiredService<LiveblogEditors>();

    internal Conversation Conversation => Services.GetRequiredService<Conversation>();

    internal MentionCounts MentionCounts => Services.GetRequiredService<MentionCounts>();

    internal MentionDirectory Mentions => Services.GetRequiredService<MentionDirectory>();

    /// <summary>Whether the database is on SQL Server, so that tests of SQLite alone are skipped.</summary>
    public static bool IsOnSqlServer => SqlServer is not null;

    private static string? SqlServer => Environment.GetEnvironmentVariable("BLAZORCHAT_TEST_SQLSERVER") is { Length: > 0 } server ? server : null;

    /// <summary>Creates the database and starts the first node on it.</summary>
    /// <param name="redis">The connection string of Redis; null for a single node.</param>
    /// <param name="time">The clock of its services; null for the real one.</param>
    /// <param name="settings">Settings as on the command line: <c>Rooms:MaxOwned=…</c>. Commands have no rate limit by default.</param>
    public static async Task<TestDatabase> CreateAsync(string? redis = null, TimeProvider? time = null, params string[] settings)
    {
        return await StartAsync(await NewAddressAsync(), redis, isOwner: true, time, settings);
    }

    /// <summary>Starts another node on the same database and Redis. Dispose it before the first one.</summary>
    public Task<TestDatabase> AddNodeAsync() => StartAsync(_address, _redis, isOwner: false);

    /// <summary>Creates the database and starts the first node on it, with a backplane of the test.</summary>
    internal static async Task<TestDatabase> CreateAsync(IBackplane backplane) =>
        await StartAsync(await NewAddressAsync(), null, isOwner: true, backplane: backplane);

    /// <summary>Starts another node on the same database, with a backplane of the test. Dispose it before the first one.</summary>
    internal Task<TestDatabase> AddNodeAsync(IBackplane backplane) => StartAsync(_address, null, isOwner: false, backplane: backplane);

    /// <summary>Starts another node on the database of a process, in its data folder. Dispose it before the process.</summary>
    public static Task<TestDatabase> JoinAsync(string dataFolder, string redis) => StartAsync(dataFolder, redis, isOwner: false);

    /// <summary>Starts the app as a process on the same database and Redis, for tests that kill it. Dispose it before the first node.</summary>
    /// <param name="settings">Settings as on the command line: <c>Feeds:RingCapacity=…</c>.</param>
    public Task<NodeProcess> StartProcessAsync(params string[] settings) => NodeProcess.StartAsync(NodeFolder, NodeSettings(settings));

    private static async Task<string> NewAddressAsync() =>
        SqlServer is null ? await MigratedFolder.CreateAsync() : $"{SqlServer};Database=blazorchat_{Guid.NewGuid():N}";

    private string? NodeFolder => SqlServer is null ? _address : null;

    private string[] NodeSettings(string[] settings) =>
    [
        .. SqlServer is null ? Array.Empty<string>() : [$"ConnectionStrings:SqlServer={_address}"],
        .. _redis is null ? Array.Empty<string>() : [$"ConnectionStrings:Redis={_redis}"],
        .. settings,
    ];
    private static async Task<TestDatabase> StartAsync(
        string address, string? redis, bool isOwner, TimeProvider? time = null, string[]? settings = null, IBackplane? backplane = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([Setting("Commands:PerSecond=1000000"), Setting("LinkPreviews:Enabled=false")]);
        builder.Configuration.AddInMemoryCollection((settings ?? []).Select(Setting));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddIdentitySchema();
        builder.Services.AddFreeSpace();
        builder.Services.AddSecrets();
        if (SqlServer is null)
        {
            builder.Services.AddPooledDbContextFactory<SqliteChatDbContext>(options =>
            {
                SqliteConnectionString.Configure(options, address);
                AddInterceptors(options);
            });
            builder.Services.AddSingleton<IDbContextFactory<ChatDbContext>, Factory<SqliteChatDbContext>>();
        }
        else
        {
            builder.Services.AddPooledDbContextFactory<SqlServerChatDbContext>(options => SqlServerConnection.Configure(options, address));
            builder.Services.AddSingleton<IDbContextFactory<ChatDbContext>, Factory<SqlServerChatDbContext>>();
        }

        builder.Services.AddChannels(builder.Configuration.GetSection("Channels"), redis);
        if (backplane is not null)
            builder.Services.AddSingleton(backplane);
        builder.Services.AddSingleton<ILayerSecret, StoredLayerSecret>();
        builder.Services.AddFeeds(builder.Configuration.GetSection("Feeds"));
        builder.Services.AddSessions();
        builder.Services.AddPresence();
        builder.Services.AddSite();
        var folder = SqlServer is null ? address : Node.NewDataFolder();
        builder.Services.AddAttachments(builder.Configuration.GetSection("Attachments"), folder);
        builder.Services.AddPreferences();
        builder.Services.AddRooms();
        builder.Services.AddLiveblogs();
        var database = new TestDatabase(builder.Build(), address, redis, isOwner) { DataFolder = folder };
        if (isOwner && SqlServer is not null)
        {
            await using var db = await database.OpenAsync();
            await db.Database.MigrateAsync();
        }

        await database._host.StartAsync();
        await database.Layer.WaitForStateAsync(LayerState.Connected);
        return database;
    }

    public Task<ChatDbContext> OpenAsync() => Services.GetRequiredService<IDbContextFactory<ChatDbContext>>().CreateDbContextAsync();

    /// <summary>Creates a liveblog and starts it.</summary>
    public async Task<LiveblogView> StartLiveblogAsync(ClaimsPrincipal admin, string slug, string title = "Launch") =>
        await Lifecycle.StartAsync(admin, (await Lifecycle.CreateAsync(admin, title, slug, default)).Id, default);

    /// <summary>Publishes a post.</summary>
    public Task<LiveblogPostView> PostAsync(ClaimsPrincipal editor, LiveblogView liveblog, string text, string title = "", bool isKeyEvent = false) =>
        Editing.PublishAsync(editor, liveblog.Id, Guid.NewGuid(), new PostText(title, text, isKeyEvent), default);

    /// <summary>Opens a post and replaces its text.</summary>
    public async Task<LiveblogPostView> EditPostAsync(ClaimsPrincipal editor, LiveblogView liveblog, int postId, string text, string title = "")
    {
        var opened = await Editing.OpenAsync(editor, liveblog.Id, postId, default);
        return await Editing.EditAsync(editor, liveblog.Id, postId, opened.Version, new PostText(title, text, opened.Text.IsKeyEvent), default);
    }

    /// <summary>Adds a person with an account.</summary>
    /// <returns>The signed-in principal.</returns>
    public async Task<ClaimsPrincipal> AddPersonAsync(string name, bool isAdmin = false)
    {
        await using var db = await OpenAsync();
        var user = new ChatUser
        {
            UserName = name,
            NormalizedUserName = name.ToUpperInvariant(),
            DisplayName = name,
            Handle = await FreeHandle.FindAsync(db, name, default),
            Email = $"{name}@example.org",
            NormalizedEmail = $"{name}@example.org".ToUpperInvariant(),
        };
        db.Add(user);
        if (isAdmin)
        {
            var role = await db.Roles.SingleOrDefaultAsync(role => role.Name == SignedInUser.AdminRole);
            if (role is null)
                db.Add(role = new IdentityRole<int>(SignedInUser.AdminRole));
            await db.SaveChangesAsync();
            db.Add(new IdentityUserRole<int> { UserId = user.Id, RoleId = role.Id });
        }

        await db.SaveChangesAsync();
        return SignIn(user.Id, name, isAdmin);
    }

    /// <summary>Creates the principal of an account, as the cookie has it.</summary>
    /// <param name="id">The id of the account.</param>
    /// <param name="name">The display name.</param>
    /// <param name="isAdmin">Whether the cookie has the role; the database decides about rights.</param>
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
        await _host.StopAsync();
        if (_isOwner)
        {
            await using var db = await OpenAsync();
            await db.Database.EnsureDeletedAsync();
        }

        _host.Dispose();
    }

    private static KeyValuePair<string, string?> Setting(string setting)
    {
        var parts = setting.Split('=', 2);
        return KeyValuePair.Create(parts[0], (string?)parts[1]);
    }

    /// <summary>Implemented by the tests; the benchmarks use this driver without interceptors.</summary>
    static partial void AddInterceptors(DbContextOptionsBuilder options);

    private sealed class Factory<TContext>(IDbContextFactory<TContext> inner) : IDbContextFactory<ChatDbContext>
        where TContext : ChatDbContext
    {
        public ChatDbContext CreateDbContext() => inner.CreateDbContext();
    }
}
