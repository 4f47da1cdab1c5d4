using System.Security.Claims;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Rooms.Permissions;

/// <summary>
/// A room that one may not see answers like a room that does not exist: with the same words, and after the same commands of the database, so that
/// the time of an answer reveals nothing either.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class HiddenRoomTests(PermissionSite site) : IClassFixture<PermissionSite>
{
    private const int Missing = 1_000_000;

    /// <summary>They name no room.</summary>
    private static readonly RoomCommand[] OfAllRooms =
    [
        RoomCommand.List, RoomCommand.ListUnread, RoomCommand.ListMentions, RoomCommand.ListThreads, RoomCommand.Jump, RoomCommand.ReadProfile, RoomCommand.OpenDirect,
        RoomCommand.DeclareCommands, RoomCommand.ListDeclared, RoomCommand.ListCalls, RoomCommand.AcknowledgeCall,
    ];

    [Theory]
    [InlineData(RoomKind.Private, Actor.OtherPerson)]
    [InlineData(RoomKind.Private, Actor.Removed)]
    [InlineData(RoomKind.Private, Actor.OtherBot)]
    [InlineData(RoomKind.Private, Actor.OtherAdmin)]
    [InlineData(RoomKind.Direct, Actor.OtherPerson)]
    [InlineData(RoomKind.Direct, Actor.OtherBot)]
    [InlineData(RoomKind.Direct, Actor.OtherAdmin)]
    public async Task A_hidden_room_answers_like_a_missing_one(RoomKind kind, Actor actor)
    {
        var way = new ServiceWay(site);
        var person = site.PrincipalOf(actor);
        var (expected, actual) = (new List<string>(), new List<string>());
        foreach (var command in way.Commands.Except(OfAllRooms))
        {
            // A search must not find anything, so nothing has to be in the index.
            var hidden = await site.PrepareAsync(kind, actor, command == RoomCommand.Search ? RoomCommand.Read : command);
            var missing = hidden with { RoomId = Missing };
            // The first call of each kind may fill a cache of the node: its rights, its names.
            await AnswerAsync(way, person, command, missing);
            await AnswerAsync(way, person, command, hidden);
            expected.AddRange(await AnswerAsync(way, person, command, missing));
            actual.AddRange(await AnswerAsync(way, person, command, hidden));
        }

        Assert.Equal(expected, actual);
        Assert.Contains(expected, answer => answer.Contains("SELECT", StringComparison.Ordinal));
    }

    private static async Task<IEnumerable<string>> AnswerAsync(ServiceWay way, ClaimsPrincipal person, RoomCommand command, RoomCase room)
    {
        var answer = "";
        var commands = await FlowCommands.OfAsync(async () =>
        {
            try
            {
                answer = await way.DoAsync(person, command, room) ? "done" : "not in the list";
            }
            catch (RefusedException refused)
            {
                answer = $"{refused.WireCode} {refused.Reason}";
            }
        });
        return [$"{command}: {answer}", .. commands.Select(text => $"{command}: {text}")];
    }
}
