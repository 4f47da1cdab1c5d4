using System.Security.Claims;
using BlazorChat.Data.Entities;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>BlazorChat, from the service that every endpoint calls: checked, rendered, committed together with concurrent sends, and published.</summary>
internal sealed class BlazorChatSends : ISendPeer
{
    private readonly TestDatabase _node;
    private readonly ClaimsPrincipal[] _senders;
    private readonly int _roomId;

    private BlazorChatSends(TestDatabase node, ClaimsPrincipal[] senders, int roomId)
    {
        _node = node;
        _senders = senders;
        _roomId = roomId;
    }

    public static async Task<ISendPeer> StartAsync(int senders, CancellationToken cancellationToken)
    {
        var node = await TestDatabase.CreateAsync();
        var people = new ClaimsPrincipal[senders];
        for (var i = 0; i < senders; i++)
            people[i] = await node.AddPersonAsync($"Person {i}");
        var room = await node.Rooms.CreateAsync(people[0], "Benchmark", RoomKind.Open, cancellationToken);
        foreach (var person in people.Skip(1))
            await node.Rooms.JoinAsync(person, room.Id, cancellationToken);
        return new BlazorChatSends(node, people, room.Id);
    }

    public async Task<long> SendAsync(int sender, string text, CancellationToken cancellationToken) =>
        (await _node.Conversation.SendAsync(_senders[sender], _roomId, Guid.NewGuid(), text, cancellationToken)).Sequence;

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
