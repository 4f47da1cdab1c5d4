using System.Net;
using BlazorChat.Channels.Admission;

namespace BlazorChat.Tests.Accounts.Limits;

public sealed class CallerTests
{
    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::1", false)]
    public void A_caller_is_an_IPv4_address_or_an_IPv6_network(string one, string other, bool isSame) =>
        Assert.Equal(isSame, Caller.Of(IPAddress.Parse(one)) == Caller.Of(IPAddress.Parse(other)));
}
