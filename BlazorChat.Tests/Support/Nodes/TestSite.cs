using System.Net;
using BlazorChat.Accounts.Bots;
using BlazorChat.Common.Names;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// A site with one node and its admin Ada. Use it as a class fixture of tests that do not disturb each other: each creates the people, rooms and
/// bots that it needs, so that their sequences start at 1, and does not touch those of other tests.
/// </summary>
/// <example>
/// <code>
/// public sealed class BellTests(TestSite site) : IClassFixture&lt;TestSite&gt;
/// {
///     [Fact]
///     public async Task A_member_sees_their_room()
///     {
///         var zoe = await site.JoinAsync("Zoe");
///         var room = await site.AddRoomAsync(site.Ada, zoe);
///         var page = await zoe.GetPageAsync($"rooms/{room.Id}");
///     }
/// }
/// </code>
/// </example>
public class TestSite : IAsyncLifetime
{
    private string _invitation = default!;
    private int _made;

    /// <summary>The node; a <see cref="HostedNode"/>, unless a derived class starts another.</summary>
    public Node Node { get; private set; } = default!;

    /// <summary>The admin, signed in.</summary>
    public Member Ada { get; private set; } = default!;

    /// <summary>The settings of each node, as on the command line.</summary>
    protected virtual string[] Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        Node = await StartNodeAsync(null);
        Ada = new Member(Node.Address, "Ada", "ada@example.org");
        _invitation = await Ada.SetUpAsync();
        await ReadIdAsync(Ada);
    }

    /// <summary>
    /// Registers a person, signed in and a member of the room General. An earlier person of the same name is renamed; email addresses differ.
    /// </summary>
    public async Task<Member> JoinAsync(string name)
    {
        await FreeNameAsync(name);
        var member = new Member(Node.Address, name, $"{name.ToLowerInvariant()}-{++_made}@example.org");
        using var joined = await member.JoinAsync(_invitation, name, member.Email);
        Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
        await ReadIdAsync(member);
        return member;
    }

    /// <summary>Starts a node of the site.</summary>
    /// <param name="dataFolder">The data folder; null for a new one.</param>
    protected virtual async Task<Node> StartNodeAsync(string? dataFolder) => await HostedNode.StartAsync(dataFolder, Settings);

    /// <summary>Signs a person in at another browser.</summary>
    public async Task<FormClient> SignInAsync(Member member)
    {
        var browser = new FormClient(Node.Address);
        using var signedIn = await browser.SignInAsync(member.Email);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        return browser;
    }

    /// <inheritdoc cref="AddRoomAsync(RoomKind, Member[])"/>
    public Task<Room> AddRoomAsync(params Member[] members) => AddRoomAsync(RoomKind.Open, members);

    /// <summary>Adds an empty room with a unique name.</summary>
    /// <param name="kind">Open or private.</param>
    /// <param name="members">The members; the first one is its owner.</param>
    public async Task<Room> AddRoomAsync(RoomKind kind, params Member[] members)
    {
        var name = $"Room {++_made}";
        var room = new Room { Name = name, NormalizedName = Room.Normalize(name), Kind = kind };
        await using var database = new DirectDatabase(Node.DataFolder);
        database.Db.Add(room);
        database.Db.AddRange(members.Select((member, index) => new Membership
        {
            Room = room,
            UserId = member.Id,
            Role = index == 0 ? MembershipRole.Owner : MembershipRole.Member,
        }));
        await database.Db.SaveChangesAsync();
        return room;
    }

    /// <summary>Adds messages to an empty room that nobody has opened yet, directly in the database.</summary>
    /// <param name="room">The room.</param>
    /// <param name="author">The author of the messages.</param>
    /// <param name="count">The number of messages.</param>
    /// <param name="text">Returns the text of a message by its sequence.</param>
    /// <param name="lastRead">The sequence up to which the members have read.</param>
    public async Task FillRoomAsync(Room room, Member author, int count, Func<int, string> text, int lastRead = 0)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        database.Db.AddRange(Enumerable.Range(1, count).Select(i => new Message
        {
            RoomId = room.Id,
            Sequence = i,
            Revision = i,
            FirstRevision = i,
            AuthorId = author.Id,
            ClientMessageId = Guid.NewGuid(),
            Markdown = text(i),
            Html = $"<p>{text(i)}</p>",
            SentAt = new DateTime(2026, 11, 20, 9, 0, 0, DateTimeKind.Utc).AddSeconds(i),
        }));
        await database.Db.SaveChangesAsync();
        await database.Db.Rooms.Where(known => known.Id == room.Id).ExecuteUpdateAsync(known => known
            .SetProperty(changed => changed.LastSequence, count)
            .SetProperty(changed => changed.LastRevision, count));
        await database.Db.Memberships.Where(membership => membership.RoomId == room.Id)
            .ExecuteUpdateAsync(membership => membership.SetProperty(changed => changed.LastReadSequence, lastRead));
    }

    /// <summary>Returns the sequence up to which a member has read a room.</summary>
    public async Task<long> LastReadAsync(Room room, Member member)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        return await database.Db.Memberships
            .Where(membership => membership.RoomId == room.Id && membership.UserId == member.Id)
            .Select(membership => membership.LastReadSequence).SingleAsync();
    }

    /// <summary>Returns the handle of an account.</summary>
    public async Task<string> HandleOfAsync(int id)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        return await database.Db.Users.Where(user => user.Id == id).Select(user => user.Handle).SingleAsync();
    }

    /// <summary>Adds people to a room who cannot sign in, directly in the database.</summary>
    public async Task AddMembersAsync(Room room, int count)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        database.Db.AddRange(Enumerable.Range(0, count).Select(_ => $"Person {++_made}").Select(name => new Membership
        {
            RoomId = room.Id,
            User = new ChatUser { UserName = name, NormalizedUserName = name.ToUpperInvariant(), DisplayName = name, Handle = HandleText.Suggest(name).First() },
        }));
        await database.Db.SaveChangesAsync();
    }

    /// <summary>Creates a bot, as Ada. It is a member of the room General.</summary>
    /// <param name="name">The display name.</param>
    /// <param name="room">Another room of the bot, which Ada can see; null for none.</param>
    public async Task<BotAccount> AddBotAsync(string name, Room? room = null)
    {
        await FreeNameAsync(name);
        var key = await Ada.MakeBotAsync(name, room is null ? [] : [("Rooms", $"{room.Id}")]);
        var hash = BotKeys.Hash(key);
        await using var database = new DirectDatabase(Node.DataFolder);
        return await database.Db.BotKeys.Where(known => known.Hash == hash).Select(known => new BotAccount(known.BotId, known.Id, key)).SingleAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        Ada?.Dispose();
        if (Node is not null)
            await Node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Renames the person who got this name in an earlier test, because names are unique.</summary>
    private async Task FreeNameAsync(string name)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        if (await database.Db.Users.SingleOrDefaultAsync(user => user.DisplayName == name) is not { } earlier)
            return;
        earlier.DisplayName = $"{name}, earlier {++_made}";
        await database.Db.SaveChangesAsync();
    }

    private async Task ReadIdAsync(Member member)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        member.Id = await database.Db.Users.Where(user => user.Email == member.Email).Select(user => user.Id).SingleAsync();
    }
}

/// <summary>A person with an account on a <see cref="TestSite"/>, signed in at a browser without scripts.</summary>
public sealed class Member(Uri address, string name, string email) : FormClient(address)
{
    public int Id { get; set; }

    public string Name => name;

    public string Email => email;
}

/// <summary>A bot and its first key.</summary>
/// <param name="Id">The id of its account.</param>
/// <param name="KeyId">The id of the key.</param>
/// <param name="Key">The key.</param>
public sealed record BotAccount(int Id, int KeyId, string Key);
