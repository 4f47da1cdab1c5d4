namespace BlazorChat.Tests.Browser.Shell;

/// <summary>Pages as a browser and a log see them.</summary>
public sealed class PageTests(BrowserFixture browser)
{
    [Fact]
    public async Task E3_Pages_that_are_left_and_tabs_that_are_closed_leave_no_error_in_the_log()
    {
        await using var node = await NodeProcess.StartAsync();
        await using (var ada = await browser.NewPersonAsync(node.Address, "Ada"))
        {
            await ada.SetUpSiteAsync();
            for (var i = 0; i < 3; i++)
            {
                await ada.OpenRoomAsync(1);
                await ada.SendMessageAsync($"message {i}");
                await ada.SeesAsync($"message {i}");
                await ada.Page.GotoAsync("liveblogs");
            }

            // Her session ends elsewhere and the page goes to sign-in; the tab is closed on the way.
            await ada.OpenRoomAsync(1);
            var isOnItsWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await ada.Page.RouteAsync("**/account/login**", async route =>
            {
                isOnItsWay.TrySetResult();
                await Task.Delay(Timeout.Infinite);
                await route.AbortAsync();
            });
            using var elsewhere = new FormClient(node.Address);
            using var signedIn = await elsewhere.SignInAsync("Ada");
            using var changed = await elsewhere.SubmitAsync(
                "account/manage", "password", ("Password.Old", FormClient.Password), ("Password.New", "another password"));
            await isOnItsWay.Task.WaitAsync(TestWait.Limit);
        }

        Assert.Equal(0, await node.StopAsync());
        Assert.DoesNotContain("Unhandled exception", node.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("TaskCanceledException", node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E4_The_shell_is_not_translated_and_what_people_write_is()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        await ada.SendMessageAsync("Hello");
        await ada.SeesAsync("Hello");

        Assert.False(await IsTranslatedAsync("h1"));
        Assert.False(await IsTranslatedAsync(".room-nav-link"));
        Assert.False(await IsTranslatedAsync(".message-author"));
        Assert.True(await IsTranslatedAsync(".message-text p"));
        await ada.Page.GotoAsync("");
        Assert.False(await IsTranslatedAsync(".room-list-members"));

        async Task<bool> IsTranslatedAsync(string selector)
        {
            await ada.Page.Locator(selector).First.WaitForAsync();
            // Found and asked in one step: an element that the circuit has replaced meanwhile inherits nothing.
            return await ada.Page.EvaluateAsync<bool>("selector => document.querySelector(selector).translate", selector);
        }
    }
}
