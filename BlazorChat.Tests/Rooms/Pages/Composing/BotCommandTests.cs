using BlazorChat.Accounts.Rights;
using BlazorChat.Rooms.Bots;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Composing;
using Bunit;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Pages.Composing;

/// <summary>The composer completes the commands of the bots of its room, and sends them.</summary>
public sealed class BotCommandTests : ComponentTest
{
    [Fact]
    public async Task A_command_of_a_bot_is_completed_and_sent_and_another_one_is_refused()
    {
        var bot = await Site.AddPersonAsync("Deployer");
        var botId = bot.UserId;
        await using (var db = await Site.OpenAsync())
            await db.Users.Where(user => user.Id == botId).ExecuteUpdateAsync(user => user.SetProperty(u => u.IsBot, true));
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Rooms.JoinAsync(bot, room.Id, default);
        var commands = Site.Services.GetRequiredService<BotCommands>();
        await commands.SetAsync(bot, [new("deploy", "version", "Deploys a version")], default);
        var composer = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room)).FindComponent<Composer>().Instance;

        Assert.Contains(new CommandItem("Deploys a version · Deployer", "deploy", "version"), (await composer.GetCommandsAsync()).Items);
        Assert.Equal(new SendResult(SendStatus.Accepted, "Sent to Deployer"), await composer.RunCommandAsync(Guid.NewGuid(), "deploy", "v2"));
        Assert.Equal(new SendResult(SendStatus.Refused, "There is no command /ship. To send it as text, write //ship."), await composer.RunCommandAsync(Guid.NewGuid(), "ship", ""));

        Assert.Equal(("deploy", "v2"), (Assert.Single(await commands.ListCallsAsync(bot, 0, default)) is var call ? (call.Name, call.Text) : default));
        Assert.Equal(new SendResult(SendStatus.Accepted, "The topic is changed."), await composer.RunCommandAsync(Guid.NewGuid(), "topic", "x"));
    }
}
