using System.Net;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Composing;

/// <summary>A person writes a command of a bot, and the bot, a program with a key, answers.</summary>
public sealed class BotCommandPageTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_command_is_completed_reaches_its_bot_and_is_answered_in_the_room_and_to_its_author_alone()
    {
        using var zoeMember = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(site.Ada, zoeMember);
        var account = await site.AddBotAsync("Deployer", room);
        using var bot = new ScriptClient(site.Node.Address, account.Key);
        await bot.SendAsync(HttpMethod.Put, "api/commands", new { commands = new[] { new { name = "deploy", usage = "version", hint = "Deploys a version" } } });
        await using var zoe = await browser.NewPersonAsync(zoeMember);
        await zoe.OpenRoomAsync(room.Id);
        await zoe.ReadyToWriteAsync();

        // The command is completed with the name of the bot, and is no message.
        await zoe.Composer.PressSequentiallyAsync("/dep");
        await Assertions.Expect(zoe.Page.GetByRole(AriaRole.Option, new() { Name = "Deploys a version · Deployer" })).ToBeVisibleAsync();
        await zoe.ScreenshotAsync("bot-command-light-wide");
        await zoe.Composer.PressAsync("Enter");
        await Assertions.Expect(zoe.Composer).ToHaveValueAsync("/deploy ");
        await zoe.Composer.PressSequentiallyAsync("v2");
        await zoe.SendAsync();
        await Assertions.Expect(zoe.Page.Locator("[data-notice]")).ToHaveTextAsync("Sent to Deployer");
        await Assertions.Expect(zoe.Composer).ToHaveValueAsync("");
        Assert.Empty(await zoe.MessagesAsync());

        var (_, calls) = await bot.SendAsync(HttpMethod.Get, "api/calls");
        var call = Assert.Single(calls.EnumerateArray());
        Assert.Equal(("deploy", "v2", zoeMember.Id), (call.GetProperty("name").GetString(), call.GetProperty("text").GetString(), call.GetProperty("person_id").GetInt32()));

        // What the room should see is a message in it; what the person should see is one in their direct room.
        Assert.Equal(HttpStatusCode.Created, (await bot.PostAsync(call.GetProperty("room_id").GetInt32(), new { message = "Deployed **v2**" })).Status);
        await zoe.SeesAsync("Deployed v2");
        await Assertions.Expect(zoe.Message(1).Locator("strong")).ToHaveTextAsync("v2");
        var (_, direct) = await bot.SendAsync(HttpMethod.Post, "api/direct", new { people = new[] { call.GetProperty("person_id").GetInt32() } });
        await bot.PostAsync(direct.GetProperty("room_id").GetInt32(), new { message = "It took 3 minutes" });
        var entry = zoe.Page.Locator($"#drawer a[href='rooms/{direct.GetProperty("room_id").GetInt32()}']");
        await Assertions.Expect(entry).ToContainTextAsync("Deployer");
        await entry.ClickAsync();
        await zoe.SeesAsync("It took 3 minutes");

        Assert.Equal(HttpStatusCode.NoContent, (await bot.SendAsync(HttpMethod.Delete, $"api/calls/{call.GetProperty("id").GetInt64()}")).Status);
        Assert.Equal(0, (await bot.SendAsync(HttpMethod.Get, "api/calls")).Answer.GetArrayLength());

        // A command that the bot has withdrawn is refused, and its text stays.
        await bot.SendAsync(HttpMethod.Put, "api/commands", new { commands = Array.Empty<object>() });
        await zoe.OpenRoomAsync(room.Id);
        await zoe.ReadyToWriteAsync();
        await zoe.Composer.FillAsync("/deploy v3");
        await zoe.SendAsync();
        await Assertions.Expect(zoe.Page.Locator("#composer-error")).ToHaveTextAsync("There is no command /deploy. To send it as text, write //deploy.");
        await Assertions.Expect(zoe.Composer).ToHaveValueAsync("/deploy v3");
    }
}
