using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Bots;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Search;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Permissions;

/// <summary>Who acts in a room. A direct room has no owner; the owner of the others is a plain member there.</summary>
public enum Actor
{
    Owner,
    Member,
    MemberAdmin,
    MemberBot,
    OtherPerson,
    OtherBot,
    OtherAdmin,

    /// <summary>A person who wrote as a member, and was mentioned, and was then removed.</summary>
    Removed,

    /// <summary>A member whose account was closed.</summary>
    Banned,
    Anonymous,
}

/// <summary>What an actor does. A person who is no member tries it with the message of a member.</summary>
public enum RoomCommand
{
    List,
    Read,
    Follow,
    ReadFile,
    UploadFile,
    Send,
    EditOwn,
    DeleteOwn,
    EditOther,
    DeleteOther,
    MarkRead,
    MarkUnread,
    ListUnread,
    ListMentions,
    ReadRoom,
    Type,
    CompletePeople,
    CountHere,
    CountFollowers,
    FindDate,
    ListMembers,
    ListPresence,
    FollowPresence,
    ReadProfile,
    OpenDirect,
    SetLevel,
    SetFavourite,
    Hide,
    Show,
    Rename,
    LimitMentions,
    ChangeKind,
    SetOwner,
    Archive,
    Unarchive,
    Delete,
    Add,
    Remove,
    Leave,
    Join,
    Search,
    Jump,
    CallBot,
    ListBotCommands,
    DeclareCommands,
    ListDeclared,
    ListCalls,
    AcknowledgeCall,
    ReadVersions,
    ReadThread,
    Reply,
    EditReply,
    DeleteReply,
    FollowThread,
    MarkThreadRead,
    ListThreads,
    React,
    Unreact,
    ReactToReply,
    Pin,
    Unpin,
    PinReply,
    ListPins,
    Save,
    SendPoll,
    Vote,
    ReadVote,
    EndOwnPoll,
    EndOtherPoll,
    Schedule,
    RemovePreviews,
    RemoveOwnPreviews,
    RemoveReplyPreviews,
    Remind,
}

/// <summary>A room in which one command is tried.</summary>
/// <param name="Own">Sequence of a message of the actor; of a message of another person, when the actor was never a member.</param>
/// <param name="Other">Sequence of a message of another person.</param>
/// <param name="FileId">An attachment of a message.</param>
/// <remarks>They are polls for the commands of polls. The other person's message has a thread with one reply, of the same person as <paramref name="Own"/>.</remarks>
internal sealed record RoomCase(int RoomId, long Own, long Other, Guid FileId);

/// <summary>A node with a person for each <see cref="Actor"/>, and a second node on the same database for the services.</summary>
public sealed class PermissionSite : TestSite
{
    private readonly Dictionary<Actor, Member> _people = [];
    private readonly Dictionary<Actor, BotAccount> _bots = [];
    private readonly Dictionary<RoomKind, (int Id, Guid FileId)> _shared = [];

    /// <summary>The rooms that have a message that a search finds.</summary>
    private readonly HashSet<int> _searchable = [];

    /// <summary>The message of the removed person, by room.</summary>
    private readonly Dictionary<int, long> _ofRemoved = [];
    private RedisServer _redis = default!;
    private Member _writer = default!;
    private int _renamed;

    /// <summary>The services of the second node.</summary>
    public TestDatabase Services { get; private set; } = default!;

    /// <summary>A member who only wrote; the one who is removed.</summary>
    public int WriterId => _writer.Id;

    /// <summary>A person who is not in the rooms; the one who is added.</summary>
    public int OtherPersonId => _people[Actor.OtherPerson].Id;

    protected override string[] Settings =>
        [$"ConnectionStrings:Redis={_redis.ConnectionString}", "Commands:PerSecond=1000000", "Channels:ConnectionsPerMinute=1000000"];

    public override async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        await base.InitializeAsync();
        Services = await TestDatabase.JoinAsync(Node.DataFolder, _redis.ConnectionString);
        _writer = await JoinAsync("Writer");
        foreach (var actor in new[] { Actor.Owner, Actor.Member, Actor.MemberAdmin, Actor.OtherPerson, Actor.Removed, Actor.Banned })
            _people[actor] = await JoinAsync($"{actor}");
        _people[Actor.OtherAdmin] = Ada;
        foreach (var actor in new[] { Actor.MemberBot, Actor.OtherBot })
            _bots[actor] = await AddBotAsync($"{actor}");
        await using (var database = new DirectDatabase(Node.DataFolder))
        {
            var role = await database.Db.Roles.SingleAsync(role => role.Name == SignedInUser.AdminRole);
            database.Db.Add(new IdentityUserRole<int> { UserId = _people[Actor.MemberAdmin].Id, RoleId = role.Id });
            await database.Db.SaveChangesAsync();
        }

        await BotCommands.SetAsync(PrincipalOf(Actor.MemberBot), [new(CommandOf(Actor.MemberBot), "", "x")], default);
        // A direct room with a person who is banned cannot be opened.
        _shared[RoomKind.Direct] = await WithFileAsync((await Services.DirectRooms.OpenAsync(PrincipalOf(Actor.Owner), MemberIds, default)).RoomId);
        using var banned = await Ada.BanAsync(_people[Actor.Banned].Id);
    }

    public override async ValueTask DisposeAsync()
    {
        // The start may have failed half-way.
        if (Services is not null)
            await Services.DisposeAsync();
        foreach (var person in _people.Values.Append(_writer).Where(person => person is not null && person != Ada))
            person.Dispose();
        await base.DisposeAsync();
        await _redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The key of a bot; null for a person.</summary>
    public string? KeyOf(Actor actor) => _bots.GetValueOrDefault(actor)?.Key;

    /// <summary>The browser of a person; null for a bot, and for an anonymous visitor.</summary>
    public Member? BrowserOf(Actor actor) => _people.GetValueOrDefault(actor);

    /// <summary>The signed-in principal.</summary>
    public ClaimsPrincipal PrincipalOf(Actor actor) => TestDatabase.SignIn(IdOf(actor), $"{actor}", actor is Actor.MemberAdmin or Actor.OtherAdmin);

    /// <summary>A name that no room has.</summary>
    public string NextName() => $"Renamed {Interlocked.Increment(ref _renamed)}";

    /// <summary>
    /// Prepares a room for one command. A command that would change the people or the state of the room gets a room of its own, and typing too: a
    /// second call within seconds does nothing, also of another person.
    /// </summary>
    internal async Task<RoomCase> PrepareAsync(RoomKind kind, Actor actor, RoomCommand command)
    {
        var isChange = command is RoomCommand.Add or RoomCommand.Remove or RoomCommand.Leave or RoomCommand.Join or RoomCommand.Type
            or RoomCommand.SetOwner or RoomCommand.ChangeKind or RoomCommand.LimitMentions or RoomCommand.Archive or RoomCommand.Unarchive or RoomCommand.Delete;
        // A list of mentions begins with the newest ones, and nobody mentions the removed person again.
        var isNewest = command == RoomCommand.ListMentions && actor == Actor.Removed;
        var (roomId, fileId) = (isChange || isNewest) && kind != RoomKind.Direct
            ? (await AddRoomOfAllAsync(kind, withRemoved: actor == Actor.Removed), Guid.Empty)
            : await GetSharedAsync(kind);
        var isPoll = command >= RoomCommand.SendPoll;
        var own = IsMember(actor) ? await SendAsync(PrincipalOf(actor), roomId, isPoll: isPoll)
            : actor == Actor.Removed ? _ofRemoved.GetValueOrDefault(roomId)
            : 0;
        // It is unread, and mentions all members.
        var other = await SendAsync(Writer, roomId, "@room", isPoll);
        if (command >= RoomCommand.ReadThread)
        {
            var replier = IsMember(actor) ? PrincipalOf(actor) : Writer;
            await Services.Conversation.ReplyAsync(replier, roomId, other, Guid.NewGuid(), "Reply", [], isInRoom: false, default);
        }

        // The id is that of the room, so that one call waits there.
        if (command is RoomCommand.ListCalls or RoomCommand.AcknowledgeCall)
            await BotCommands.CallAsync(Writer, roomId, CommandOf(Actor.MemberBot), "x", new Guid(roomId, 0, 0, new byte[8]), default);

        if (command == RoomCommand.Search && _searchable.Add(roomId))
            await IndexedAsync(roomId);
        return new RoomCase(roomId, own > 0 ? own : other, other, fileId);
    }

    /// <summary>The name of the command that an actor declares.</summary>
    internal static string CommandOf(Actor actor) => $"do-{actor}".ToLowerInvariant();

    /// <summary>The id of the call that waits in a room; null when it was acknowledged.</summary>
    internal async Task<long?> FindCallAsync(int roomId)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        return await database.Db.BotCalls.Where(call => call.RoomId == roomId && call.UserId == WriterId).Select(call => (long?)call.Id).SingleOrDefaultAsync();
    }

    /// <summary>What the room is called in lists.</summary>
    internal async Task<string> NameOfAsync(int roomId)
    {
        await using var database = new DirectDatabase(Node.DataFolder);
        return await database.Db.Rooms.Where(room => room.Id == roomId).Select(room => room.Name).SingleAsync();
    }

    internal static bool IsMember(Actor actor) => actor is Actor.Owner or Actor.Member or Actor.MemberAdmin or Actor.MemberBot;

    private ClaimsPrincipal Writer => TestDatabase.SignIn(_writer.Id, _writer.Name);

    private BotCommands BotCommands => Services.Services.GetRequiredService<BotCommands>();

    private int[] MemberIds =>
        [.. new[] { Actor.Owner, Actor.Member, Actor.MemberAdmin, Actor.MemberBot, Actor.Banned }.Select(IdOf), _writer.Id];

    private int IdOf(Actor actor) => _bots.TryGetValue(actor, out var bot) ? bot.Id : _people[actor].Id;

    private async Task<(int Id, Guid FileId)> GetSharedAsync(RoomKind kind) =>
        _shared.TryGetValue(kind, out var known) ? known : _shared[kind] = await WithFileAsync(await AddRoomOfAllAsync(kind, withRemoved: true));

    /// <param name="kind">Open or private.</param>
    /// <param name="withRemoved">Whether the removed person was a member.</param>
    private async Task<int> AddRoomOfAllAsync(RoomKind kind, bool withRemoved)
    {
        var name = NextName();
        var room = new Room { Name = name, NormalizedName = Room.Normalize(name), Kind = kind };
        await using var database = new DirectDatabase(Node.DataFolder);
        database.Db.Add(room);
        database.Db.AddRange((withRemoved ? MemberIds.Append(IdOf(Actor.Removed)) : MemberIds).Select((userId, index) => new Membership
        {
            Room = room,
            UserId = userId,
            Role = index == 0 ? MembershipRole.Owner : MembershipRole.Member,
        }));
        await database.Db.SaveChangesAsync();
        if (!withRemoved)
            return room.Id;
        _ofRemoved[room.Id] = await SendAsync(PrincipalOf(Actor.Removed), room.Id);
        await SendAsync(Writer, room.Id, $"@{await HandleOfAsync(IdOf(Actor.Removed))}");
        await Services.Services.GetRequiredService<RoomMembers>().RemoveAsync(PrincipalOf(Actor.Owner), room.Id, IdOf(Actor.Removed), default);
        return room.Id;
    }

    private async Task<(int Id, Guid FileId)> WithFileAsync(int roomId)
    {
        using var script = new ScriptClient(Node.Address, cookies: _writer.Cookies);
        var fileId = await script.UploadAsync("room", roomId, "notes"u8.ToArray());
        await Services.Conversation.SendAsync(Writer, roomId, Guid.NewGuid(), "", [fileId], default);
        return (roomId, fileId);
    }

    /// <summary>Waits until the index has what was sent. Its progress leaves out what was just written, so the search itself is asked.</summary>
    private async Task IndexedAsync(int roomId)
    {
        var search = Services.Services.GetRequiredService<RoomSearch>();
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while ((await search.FindAsync(Writer, "Hello", roomId, after: null, TimeZoneInfo.Utc, timeout.Token)).Results.Count == 0)
            await Task.Delay(200, timeout.Token);
    }

    private async Task<long> SendAsync(ClaimsPrincipal person, int roomId, string text = "Hello", bool isPoll = false) => (isPoll
        ? await Services.Services.GetRequiredService<RoomPolls>().SendAsync(person, roomId, Guid.NewGuid(), text, new PollDraft(["a", "b"]), default)
        : await Services.Conversation.SendAsync(person, roomId, Guid.NewGuid(), text, default)).Sequence;
}
