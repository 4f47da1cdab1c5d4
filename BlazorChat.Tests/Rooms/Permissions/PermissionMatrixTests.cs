using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Rooms.Permissions;

/// <summary>
/// Who may do what in which kind of room, by which way: every combination is tried. Add a person to <see cref="Actor"/>, a command to
/// <see cref="RoomCommand"/> and to the ways that have it, or a way to <see cref="Ways"/>; <see cref="Expect"/> has the rules.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class PermissionMatrixTests(PermissionSite site) : IClassFixture<PermissionSite>
{
    private static readonly IReadOnlyDictionary<string, Func<PermissionSite, Way>> Ways = new Dictionary<string, Func<PermissionSite, Way>>
    {
        ["services"] = site => new ServiceWay(site),
        ["pages"] = site => new PageWay(site),
        ["files"] = site => new FileWay(site),
        ["socket"] = site => new SocketWay(site),
        ["hub"] = site => new HubWay(site),
        ["api"] = site => new ApiWay(site),
    };

    public static TheoryData<RoomKind, string> Combinations()
    {
        var all = new TheoryData<RoomKind, string>();
        foreach (var kind in Enum.GetValues<RoomKind>())
        {
            foreach (var way in Ways.Keys)
                all.Add(kind, way);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Everyone_may_do_what_the_rules_say_by_every_way(RoomKind kind, string name)
    {
        var way = Ways[name](site);
        var (expected, actual) = (new List<string>(), new List<string>());
        foreach (var actor in Enum.GetValues<Actor>().Where(way.IsFor))
        {
            foreach (var command in way.Commands)
            {
                var room = await site.PrepareAsync(kind, actor, command);
                expected.Add($"{actor} {command}: {(way.Admits(actor) ? Expect(kind, actor, command) : Outcome.Unauthorized)}");
                actual.Add($"{actor} {command}: {await way.TryAsync(actor, command, room)}");
            }
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected, actual);
    }

    private static string Expect(RoomKind kind, Actor actor, RoomCommand command) => actor switch
    {
        // The address of a file reveals nothing, not even that one must sign in.
        Actor.Anonymous or Actor.Banned => command == RoomCommand.ReadFile ? Outcome.NotFound : Outcome.Unauthorized,
        _ when command is RoomCommand.DeclareCommands or RoomCommand.ListDeclared or RoomCommand.ListCalls or RoomCommand.AcknowledgeCall => ExpectBot(actor, command),
        _ when !PermissionSite.IsMember(actor) => kind == RoomKind.Open ? ExpectGuest(actor, command) : ExpectOutsider(command),
        _ => kind == RoomKind.Direct ? ExpectDirect(command) : ExpectMember(actor, command),
    };

    /// <summary>What a bot does with its own commands, in no room. A call is its bot's alone.</summary>
    private static string ExpectBot(Actor actor, RoomCommand command) => command switch
    {
        RoomCommand.DeclareCommands => actor is Actor.MemberBot or Actor.OtherBot ? Outcome.Done : Outcome.Forbidden,
        RoomCommand.ListDeclared => Outcome.Done,
        _ => actor == Actor.MemberBot ? Outcome.Done : Outcome.NotFound,
    };

    private static string ExpectMember(Actor actor, RoomCommand command) => command switch
    {
        RoomCommand.EditOther => Outcome.Forbidden,
        RoomCommand.EndOtherPoll => actor == Actor.Owner ? Outcome.Done : Outcome.Forbidden,
        _ when command is RoomCommand.DeleteOther or RoomCommand.RemovePreviews || IsManagement(command) => actor is Actor.Owner or Actor.MemberAdmin ? Outcome.Done : Outcome.Forbidden,
        // The only owner chooses a new one first.
        RoomCommand.Leave => actor == Actor.Owner ? Outcome.Conflict : Outcome.Done,
        _ => Outcome.Done,
    };

    private static string ExpectDirect(RoomCommand command) => command switch
    {
        _ when command is RoomCommand.EditOther or RoomCommand.DeleteOther or RoomCommand.RemovePreviews or RoomCommand.EndOtherPoll or RoomCommand.Leave || IsManagement(command) => Outcome.Forbidden,
        _ => Outcome.Done,
    };

    /// <summary>What an owner of the room does, and an admin who sees it.</summary>
    private static bool IsManagement(RoomCommand command) => command is RoomCommand.Rename or RoomCommand.LimitMentions or RoomCommand.ChangeKind or RoomCommand.SetOwner
        or RoomCommand.Archive or RoomCommand.Unarchive or RoomCommand.Delete or RoomCommand.Add or RoomCommand.Remove;

    /// <summary>A person who is not a member of an open room.</summary>
    private static string ExpectGuest(Actor actor, RoomCommand command) => command switch
    {
        // A mention of the person stays in their list, since they may read its message.
        RoomCommand.ListMentions => actor == Actor.Removed ? Outcome.Done : Outcome.NotFound,
        RoomCommand.List or RoomCommand.ListUnread or RoomCommand.ListThreads or RoomCommand.ListBotCommands => Outcome.NotFound,
        RoomCommand.Read or RoomCommand.ReadVersions or RoomCommand.ListPins or RoomCommand.ReadVote or RoomCommand.Save or RoomCommand.Remind or RoomCommand.ReadThread or RoomCommand.ReadRoom or RoomCommand.Follow or RoomCommand.ReadFile or RoomCommand.ListMembers or RoomCommand.ListPresence
            or RoomCommand.CompletePeople or RoomCommand.CountHere or RoomCommand.CountFollowers or RoomCommand.FindDate or RoomCommand.ReadProfile or RoomCommand.OpenDirect or RoomCommand.Join or RoomCommand.Search or RoomCommand.Jump
            or RoomCommand.Leave => Outcome.Done,
        _ when IsManagement(command) && actor == Actor.OtherAdmin => Outcome.Done,
        _ => Outcome.Forbidden,
    };

    /// <summary>
    /// A person who must not know that the room exists. Leaving it changes nothing, as if there were no such room; and people are no secret, whatever
    /// rooms they are in.
    /// </summary>
    private static string ExpectOutsider(RoomCommand command) =>
        command is RoomCommand.Leave or RoomCommand.OpenDirect or RoomCommand.ReadProfile ? Outcome.Done : Outcome.NotFound;
}
