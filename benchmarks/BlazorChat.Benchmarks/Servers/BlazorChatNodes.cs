using BlazorChat.Accounts;
using BlazorChat.Data;
using BlazorChat.Tests.Support;

namespace BlazorChat.Benchmarks.Servers;

/// <summary>Nodes of ours over one new database, with a room and programs that are members of it, each with a key of its own.</summary>
internal sealed class BlazorChatNodes : IAsyncDisposable
{
    private readonly List<ServerProcess> _nodes = [];

    public IReadOnlyList<ServerProcess> Nodes => _nodes;

    public string DataFolder { get; } = NodeProcess.NewDataFolder();

    public int RoomId { get; private set; }

    /// <summary>Of each member.</summary>
    public IReadOnlyList<string> Keys { get; private set; } = [];

    /// <param name="redis">As in StackExchange.Redis; null for one node.</param>
    public static async Task<BlazorChatNodes> StartAsync(int nodes, string? redis, int members, CancellationToken cancellationToken)
    {
        var started = new BlazorChatNodes();
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

    private async Task AddNodeAsync(string? redis) => _nodes.Add(await ServerProcess.StartAsync(
        Built.App, "--Data:Folder", DataFolder, "--ConnectionStrings:Redis", redis ?? "", "--Channels:ConnectionsPerMinute", "1000000"));

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
