using BlazorChat.Accounts.Bots;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Benchmarks.Servers;

/// <summary>Nodes of ours over one new database, with a room and programs that are members of it, each with a key of its own.</summary>
internal sealed class BlazorChatNodes : IAsyncDisposable
{
    private readonly List<ServerProcess> _nodes = [];
    private readonly string[] _settings;

    private readonly string _program;

    private BlazorChatNodes(string program, string[] settings)
    {
        _program = program;
        _settings = settings;
    }

    public IReadOnlyList<ServerProcess> Nodes => _nodes;

    public string DataFolder { get; } = Node.NewDataFolder();

    public int RoomId { get; private set; }

    /// <summary>Of each member.</summary>
    public IReadOnlyList<string> Keys { get; private set; } = [];

    /// <param name="redis">As in StackExchange.Redis; null for one node.</param>
    /// <param name="settings">More of them, as on the command line.</param>
    public static Task<BlazorChatNodes> StartAsync(int nodes, string? redis, int members, CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(Built.App, nodes, redis, members, cancellationToken, settings);

    /// <param name="program">The path of the app's assembly, which may be of an earlier build with the same tables.</param>
    /// <inheritdoc cref="StartAsync(int, string?, int, CancellationToken, string[])"/>
    public static async Task<BlazorChatNodes> StartAsync(
        string program, int nodes, string? redis, int members, CancellationToken cancellationToken, params string[] settings)
    {
        var started = new BlazorChatNodes(program, settings);
        try
        {
            // The first one makes the database.
            await started.AddNodeAsync(redis);
            await started.AddMembersAsync(members, cancellationToken);
            for (var i = 1; i < nodes; i++)
                await started.AddNodeAsync(redis);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        Directory.Delete(DataFolder, recursive: true);
    }

    /// <summary>Gives people accounts and brings them into the room; they sign in by <see cref="NameOf"/> and <see cref="FormClient.Password"/>.</summary>
    public async Task AddPeopleAsync(int count, CancellationToken cancellationToken)
    {
        await using var database = new DirectDatabase(DataFolder);
        var password = new PasswordHasher<ChatUser>().HashPassword(new ChatUser { DisplayName = "" }, FormClient.Password);
        var people = Enumerable.Range(0, count).Select(NameOf).Select(address => new ChatUser
        {
            UserName = address,
            NormalizedUserName = address.ToUpperInvariant(),
            Email = address,
            NormalizedEmail = address.ToUpperInvariant(),
            DisplayName = address,
            SecurityStamp = $"{Guid.NewGuid():N}",
            PasswordHash = password,
        }).ToArray();
        database.Db.AddRange(people);
        await database.Db.SaveChangesAsync(cancellationToken);
        var read = await database.Db.Rooms.Where(room => room.Id == RoomId).Select(room => room.LastSequence).SingleAsync(cancellationToken);
        database.Db.AddRange(people.Select(person => new Membership { RoomId = RoomId, UserId = person.Id, LastReadSequence = read }));
        await database.Db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Settings for a node to which all come from one address, and as fast as they can.</summary>
    public static string[] Unlimited { get; } =
    [
        "--Channels:ConnectionsPerMinute", "1000000", "--Channels:RequestsPerMinute", "1000000", "--Channels:AdmissionsPerMinute", "1000000",
        "--Channels:MaxOpenPerAddress", "1000000", "--Channels:MaxOpen", "1000000",
    ];

    /// <summary>The address of a person.</summary>
    public static string NameOf(int person) => $"person-{person}@example.org";

    private async Task AddNodeAsync(string? redis) => _nodes.Add(await ServerProcess.StartAsync(
        _program,
        [
            "--Data:Folder", DataFolder, "--ConnectionStrings:Redis", redis ?? "",
            "--Accounts:AttemptsPerMinute", "1000000", "--Accounts:RegistrationsPerHour", "1000000", "--Commands:PerSecond", "1000", "--Channels:Echo", "true",
            .. Unlimited, .. _settings,
        ]));

    private async Task AddMembersAsync(int count, CancellationToken cancellationToken)
    {
        await using var database = new DirectDatabase(DataFolder);
        var room = new Room { Name = "Benchmark", NormalizedName = Room.Normalize("Benchmark") };
        Keys = [.. Enumerable.Range(0, count).Select(_ => BotKeys.Create())];
        var bots = Keys.Select((_, index) => new ChatUser
        {
            UserName = $"bot:{index}",
            NormalizedUserName = $"BOT:{index}",
            DisplayName = $"Bot {index}",
            SecurityStamp = $"{Guid.NewGuid():N}",
            IsBot = true,
        }).ToArray();
        database.Db.AddRange(bots);
        await database.Db.SaveChangesAsync(cancellationToken);
        database.Db.AddRange(bots.Select(bot => new Membership { Room = room, User = bot }));
        database.Db.AddRange(bots.Zip(Keys, (bot, key) => new BotKey { Bot = bot, CreatedBy = bot, Hash = BotKeys.Hash(key), Ending = key[^4..] }));
        await database.Db.SaveChangesAsync(cancellationToken);
        RoomId = room.Id;
    }
}
