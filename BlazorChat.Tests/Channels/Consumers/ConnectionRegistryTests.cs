using System.Security.Claims;
using BlazorChat.Channels.Consumers;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Channels.Consumers;

public sealed class ConnectionRegistryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionRegistry _connections;
    private int _ended;

    public ConnectionRegistryTests() => _connections = new ConnectionRegistry(_time);

    [Fact]
    public void Every_connection_of_a_session_is_called_back_once_and_nobody_elses()
    {
        var others = 0;
        using var one = _connections.Track(User("a"), () => _ended++);
        using var two = _connections.Track(User("a"), () => _ended++);
        using var other = _connections.Track(User("b"), () => others++);
        using var anonymous = _connections.Track(new ClaimsPrincipal(new ClaimsIdentity()), () => others++);

        _connections.End(["a"]);
        _connections.End(["a"]);

        Assert.Equal((2, 0), (_ended, others));
        Assert.Equal(["b"], _connections.SessionIds);
    }

    [Fact]
    public void A_connection_that_is_closed_is_not_called_back()
    {
        _connections.Track(User("a"), () => _ended++).Dispose();

        _connections.End(["a"]);

        Assert.Equal(0, _ended);
        Assert.Empty(_connections.SessionIds);
    }

    [Fact]
    public void A_connection_that_opens_just_after_the_end_is_called_back_at_once()
    {
        _connections.End(["a"]);

        using var late = _connections.Track(User("a"), () => _ended++);

        Assert.Equal(1, _ended);
        Assert.Empty(_connections.SessionIds);
    }

    [Fact]
    public void Ends_are_not_remembered_for_ever()
    {
        _connections.End(["a"]);
        _time.Advance(TimeSpan.FromMinutes(2));
        _connections.End(["b"]);

        using var later = _connections.Track(User("a"), () => _ended++);

        Assert.Equal(0, _ended);
    }

    private static ClaimsPrincipal User(string sessionId) => new(new ClaimsIdentity([new Claim(ConnectionRegistry.SessionClaim, sessionId)], "test"));
}
