using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

public sealed class CommandLimitPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task B8_Messages_beyond_the_limit_are_sent_later()
    {
        await using var node = await HostedNode.StartAsync(null, "Commands:PerSecond=2");
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        await ada.ReadyToWriteAsync();
        string[] texts = [.. Enumerable.Range(0, 24).Select(i => $"message {i}")];

        foreach (var text in texts)
            await ada.SendMessageAsync(text);

        await Assertions.Expect(ada.Outbox.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(0);
        await ada.SeesAsync("message 23");
        Assert.Equal(texts, await ada.MessagesAsync());
        Assert.Equal("", await ada.DraftAsync());
    }
}
