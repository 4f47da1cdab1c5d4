using BlazorChat.Benchmarks.Servers;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Benchmarks.Pages;

/// <summary>A node with two rooms, the first with a history, and a person who is a member of both.</summary>
internal sealed class PagesPlace : IAsyncDisposable
{
    private const string Insert =
        """
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {2})
        INSERT INTO Messages (RoomId, Sequence, Revision, FirstRevision, AuthorId, ClientMessageId, Markdown, Html, SentAt)
        SELECT {0}, n, n, n, {1} + n % 2, hex(randomblob(16)), 'Message ' || n || ' has the length of a usual one, some sixty letters',
               '<p>Message ' || n || ' has the length of a usual one, some sixty letters</p>', datetime(1750000000 + n * 60, 'unixepoch')
        FROM numbers
        """;

    private readonly BlazorChatNodes _nodes;
    private readonly Cookie[] _cookies;

    private PagesPlace(BlazorChatNodes nodes, Cookie[] cookies, int otherRoomId, int messages)
    {
        _nodes = nodes;
        _cookies = cookies;
        OtherRoomId = otherRoomId;
        Messages = messages;
    }

    public int RoomId => _nodes.RoomId;

    public int OtherRoomId { get; }

    /// <summary>The number of messages in each room.</summary>
    public int Messages { get; }

    public static async Task<PagesPlace> StartAsync(string program, int messages, CancellationToken cancellationToken)
    {
        // A build that is not published finds the files of its pages only so.
        var nodes = await BlazorChatNodes.StartAsync(program, nodes: 1, redis: null, members: 2, cancellationToken, "--environment", "Development");
        try
        {
            await nodes.AddPeopleAsync(1, cancellationToken);
            var other = await FillAsync(nodes, messages, cancellationToken);
            var address = nodes.Nodes[0].Address;
            var visitor = new FormClient(address);
            using var signedIn = await visitor.SignInAsync(BlazorChatNodes.NameOf(0));
            Cookie[] cookies = [.. visitor.Cookies.GetCookies(address).Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = address.ToString() })];
            return new PagesPlace(nodes, cookies, other, messages);
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>A page of the person in a browser without a cache.</summary>
    public async Task<IPage> OpenPageAsync(IBrowser browser)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = _nodes.Nodes[0].Address.ToString(), ViewportSize = new() { Width = 1280, Height = 800 } });
        await context.AddCookiesAsync(_cookies);
        return await context.NewPageAsync();
    }

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    private static async Task<int> FillAsync(BlazorChatNodes nodes, int messages, CancellationToken cancellationToken)
    {
        await using var database = new DirectDatabase(nodes.DataFolder);
        var db = database.Db;
        var members = await db.Memberships.Where(member => member.RoomId == nodes.RoomId).Select(member => member.UserId).Order().ToListAsync(cancellationToken);
        var other = new Room { Name = "Another", NormalizedName = Room.Normalize("Another") };
        db.AddRange(members.Select(member => new Membership { Room = other, UserId = member }));
        await db.SaveChangesAsync(cancellationToken);
        foreach (var room in new[] { nodes.RoomId, other.Id })
            await db.Database.ExecuteSqlRawAsync(Insert, [room, members[0], messages], cancellationToken);
        await db.Rooms.ExecuteUpdateAsync(update => update.SetProperty(room => room.LastSequence, messages).SetProperty(room => room.LastRevision, messages), cancellationToken);
        await db.Memberships.ExecuteUpdateAsync(update => update.SetProperty(member => member.LastReadSequence, messages), cancellationToken);
        return other.Id;
    }
}
