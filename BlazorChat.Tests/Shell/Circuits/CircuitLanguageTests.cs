using BlazorChat.Common.Localization;
using BlazorChat.Shell.Circuits;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorChat.Tests.Shell.Circuits;

public sealed class CircuitLanguageTests
{
    [Fact]
    public async Task A_circuit_keeps_its_language_when_it_reconnects_in_another_one()
    {
        await using var node = await HostedNode.StartAsync();
        await using var circuit = node.Services.CreateAsyncScope();
        CircuitLanguage handler;
        using (SiteLanguages.Switch("ko"))
            handler = circuit.ServiceProvider.GetServices<CircuitHandler>().OfType<CircuitLanguage>().Single();
        string? language = null;
        var call = handler.CreateInboundActivityHandler(_ =>
        {
            language = SiteLanguages.Current;
            return Task.CompletedTask;
        });

        using (SiteLanguages.Switch("en"))
            await call(null!);

        Assert.Equal("ko", language);
    }
}
