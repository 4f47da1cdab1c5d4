using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>BlazorChat, from the service that every endpoint calls: checked, rendered, committed together with concurrent sends, and published.</summary>
internal sealed class BlazorChatSends : ISendPeer
{
    private readonly TestDatabase _node;
    private readonly ClaimsPrincipal[] _senders;
    private readonly int _roomId;
    private readonly CallingNode? _calling;

    private BlazorChatSends(TestDatabase node, ClaimsPrincipal[] senders, int roomId, CallingNode? calling)
    {
        _calling = calling;
        _node = node;
        _senders = senders;
        _roomId = roomId;
    }

    /// <param name="senders">The members of the room.</param>
    /// <param name="haveDevices">Whether each of them has a device that messages may call.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ISendPeer> StartAsync(int senders, bool haveDevices, CancellationToken cancellationToken)
    {
        var node = await TestDatabase.CreateAsync();
        var people = new ClaimsPrincipal[senders];
        for (var i = 0; i < senders; i++)
            people[i] = await node.AddPersonAsync($"Person {i}");
        var room = await node.Rooms.CreateAsync(people[0], "Benchmark", RoomKind.Open, cancellationToken);
        foreach (var person in people.Skip(1))
            await node.Rooms.JoinAsync(person, room.Id, cancellationToken);
        if (!haveDevices)
            return new BlazorChatSends(node, people, room.Id, null);
        await CallingNode.AddDevicesAsync(node, people.Select(person => person.UserId));
        return new BlazorChatSends(node, people, room.Id, await CallingNode.StartAsync(node, delay: 5));
    }

    public async Task<long> SendAsync(int sender, string text, CancellationToken cancellationToken) =>
        (await _node.Conversation.SendAsync(_senders[sender], _roomId, Guid.NewGuid(), text, cancellationToken)).Sequence;

    public async ValueTask DisposeAsync()
    {
        if (_calling is not null)
            await _calling.DisposeAsync();
        await _node.DisposeAsync();
    }
}
