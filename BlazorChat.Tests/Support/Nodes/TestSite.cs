using System.Net;
using BlazorChat.Accounts.Bots;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// A site with one node, set up by its admin Ada. As a class fixture it is shared by tests that do not disturb each other: each makes
/// the people, rooms and bots that it needs, so that its numbers begin at 1, and leaves alone what others made.
/// </summary>
public class TestSite : IAsyncLifetime
{
    private string _invitation = default!;
    private int _made;

    public Node Node { get; private set; } = default!;

    /// <summary>The admin.</summary>
    public Member Ada { get; private set; } = default!;

    /// <summary>Of each node, as on the command line.</summary>
    protected virtual string[] Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        Node = await StartNodeAsync(null);
        Ada = new Member(Node.Address, "Ada", "ada@example.org");
        _invitation = await Ada.SetUpAsync();
        await ReadIdAsync(Ada);
    }

    /// <summary>Somebody new joins, signed in and in the room General. The newest one of a name has it; their addresses differ.</summary>
    public async Task<Member> JoinAsync(string name)
    {
        await FreeNameAsync(name);
        var member = new Member(Node.Address, name, $"{name.ToLowerInvariant()}-{++_made}@example.org");
        using var joined = await member.JoinAsync(_invitation, name, member.Email);
        Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
        await ReadIdAsync(member);
        return member;
    }

    /// <param name="dataFolder">Null for a new one.</param>
    protected virtual async Task<Node> StartNodeAsync(string? dataFolder) => await HostedNode.StartAsync(dataFolder, Settings);

    /// <summary>The same person at another browser, signed in.</summary>
    public async Task<FormClient> SignInAsync(Member member)
    {
        var browser = new FormClient(Node.Address);
        using var signedIn = await browser.SignInAsync(member.Email);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        return browser;
    }

    /// <inheritdoc cref="AddRoomAsync(RoomKind, Member[])"/>
    public Task<Room> AddRoomAsync(params Member[] members) => AddRoomAsync(RoomKind.Open, members);

    /// <summary>A new room, empty, with a name of its own.</summary>
    /// <param name="members">Who is in it; the first one owns it.</param>
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

    /// <summary>Puts messages into an empty room that nobody has opened yet.</summary>
    /// <param name="lastRead">How far its members have read.</param>
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

    /// <summary>How far somebody has read a room.</summary>
    public async Task<long> LastReadAsync(Room room, Member member)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        return await database.Db.Memberships
            .Where(membership => membership.RoomId == room.Id && membership.UserId == member.Id)
            .Select(membership => membership.LastReadSequence).SingleAsync();
    }

    /// <summary>Ada makes a bot, which is in the room General.</summary>
    /// <param name="room">Where it is beside that, if she sees it.</param>
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

    /// <summary>Names are unique: who had this one in an earlier test gets another.</summary>
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

/// <summary>Somebody with an account in a <see cref="TestSite"/>, signed in at a browser without scripts.</summary>
public sealed class Member(Uri address, string name, string email) : FormClient(address)
{
    public int Id { get; set; }

    public string Name => name;

    public string Email => email;
}

/// <param name="KeyId">Of its first key.</param>
public sealed record BotAccount(int Id, int KeyId, string Key);
