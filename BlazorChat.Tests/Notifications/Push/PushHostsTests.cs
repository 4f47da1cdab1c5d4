using System.ComponentModel.DataAnnotations;
using System.Net;
using BlazorChat.Common.Net;
using BlazorChat.Notifications.Push;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Notifications.Push;

public sealed class PushHostsTests
{
    [Theory]
    [InlineData("https://push.example.org/send/abc", true)]
    [InlineData("https://push.example.org:443/send/abc", true)]
    [InlineData("https://push.example.org:8443/send/abc", false)]
    [InlineData("http://push.example.org/send/abc", false)]
    [InlineData("ftp://push.example.org/send/abc", false)]
    [InlineData("https://user:word@push.example.org/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://192.168.1.1/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[fd00::1]/", false)]
    [InlineData("https://[fe80::1%25eth0]/", false)]
    [InlineData("https://[::ffff:10.0.0.1]/", false)]
    public void An_endpoint_is_at_the_usual_port_and_not_a_private_address(string endpoint, bool isAllowed) =>
        Assert.Equal(isAllowed, Create().Allows(new Uri(endpoint)));

    [Theory]
    [InlineData("http://push.internal:8080/a", true)]
    [InlineData("https://PUSH.internal:8080/a", true)]
    [InlineData("https://push.internal:8081/a", false)]
    [InlineData("https://a.push.internal:8080/a", false)]
    [InlineData("http://[fd00::1]:9000/a", true)]
    [InlineData("http://user@push.internal:8080/a", false)]
    public void An_operator_allows_hosts_exactly(string endpoint, bool isAllowed) =>
        Assert.Equal(isAllowed, Create("push.internal:8080", "[fd00::1]:9000").Allows(new Uri(endpoint)));

    [Theory]
    [InlineData("8.8.4.4", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.255.255.255", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("168.63.129.16", false)]
    [InlineData("168.63.129.17", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("198.51.100.1", false)]
    [InlineData("203.0.113.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("3fff::1", false)]
    [InlineData("2a00:1450::1", true)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.4.4", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b::808:404", true)]
    public void A_public_address_is_none_of_those_for_special_purposes(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddresses.IsPublic(IPAddress.Parse(address)));

    /// <summary>A name is checked by the addresses that it has when it is connected to.</summary>
    [Fact]
    public async Task A_name_of_this_machine_is_not_connected_to()
    {
        var hosts = Create("localhost:1");

        await Assert.ThrowsAsync<PrivateHostException>(async () => await hosts.ConnectAsync(new DnsEndPoint("localhost", 443), CancellationToken.None));
        await Assert.ThrowsAsync<PrivateHostException>(async () => await hosts.ConnectAsync(new DnsEndPoint("127.0.0.1", 443), CancellationToken.None));
    }

    [Theory]
    [InlineData("https://localhost/a", false)]
    // No name ends so (RFC 6761).
    [InlineData("https://push.invalid/a", false)]
    [InlineData("https://127.0.0.1/a", false)]
    [InlineData("https://8.8.4.4/a", true)]
    [InlineData("https://8.8.4.4:8443/a", false)]
    [InlineData("http://localhost:1/a", true)]
    public async Task An_endpoint_is_registered_when_its_host_has_a_public_address(string endpoint, bool isAccepted) =>
        Assert.Equal(isAccepted, await Create("localhost:1").CanRegisterAsync(new Uri(endpoint), CancellationToken.None));

    [Theory]
    [InlineData("push.example.org")]
    [InlineData("https://push.example.org:8443")]
    [InlineData("push.example.org:0")]
    [InlineData("push.example.org:8443/path")]
    [InlineData("user@push.example.org:8443")]
    [InlineData("")]
    public void A_wrong_setting_is_named(string entry)
    {
        var options = new PushOptions { AllowedPushHosts = ["push.example.org:8443", entry] };

        var failure = Assert.Single(options.Validate(new ValidationContext(options)));
        Assert.StartsWith($"Notifications:AllowedPushHosts: '{entry}' is not", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_fails_at_the_start() =>
        Assert.Contains(
            "Notifications:AllowedPushHosts: 'push' is not",
            (await Assert.ThrowsAnyAsync<Exception>(() => HostedNode.StartAsync(null, "Notifications:AllowedPushHosts:0=push"))).ToString(),
            StringComparison.Ordinal);

    private static PushHosts Create(params string[] allowed) => new(Options.Create(new PushOptions { AllowedPushHosts = allowed }));
}
