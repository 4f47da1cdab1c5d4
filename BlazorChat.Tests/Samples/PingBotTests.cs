using System.Diagnostics;

namespace BlazorChat.Tests.Samples;

/// <summary>The bot that docs/bots.md shows.</summary>
[Trait("Speed", "Slow")]
public sealed class PingBotTests
{
    private static readonly string Sample = Path.Combine(Node.Repository, "BlazorChat.Tests", "Samples", "ping.cs");

    /// <summary>The first run builds it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_docs_show_the_bot_that_is_tested()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Node.Repository, "docs", "bots.md"));

        Assert.Contains($"```csharp\n{await File.ReadAllTextAsync(Sample)}```\n", docs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bot_answers_goes_on_after_its_node_was_killed_and_ends_with_its_key()
    {
        await using var node = await NodeProcess.StartAsync();
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        var key = await ada.MakeBotAsync("Ping");
        // A folder of its own, as anybody's: the repository's build settings do not reach it.
        var file = Path.Combine(Node.NewDataFolder(), "ping.cs");
        File.Copy(Sample, file);
        var start = new ProcessStartInfo("dotnet", ["run", file, "--", node.Address.ToString().TrimEnd('/'), "1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KEY"] = key;
        using var bot = Process.Start(start)!;
        var output = Task.WhenAll(bot.StandardOutput.ReadToEndAsync(), bot.StandardError.ReadToEndAsync());
        try
        {
            await PingUntilAnsweredAsync(node, ada, bot);
            await node.KillAsync();
            await node.StartAgainAsync();
            await PingUntilAnsweredAsync(node, ada, bot);

            using var revoked = await ada.SubmitAsync("admin/bots", "bots", ("Revoke", "1"));
            await bot.WaitForExitAsync().WaitAsync(Limit);
            Assert.Contains("401", string.Concat(await output), StringComparison.Ordinal);
        }
        finally
        {
            if (!bot.HasExited)
                bot.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The bot receives messages only after it has connected, so the message is repeated until it answers.</summary>
    private static async Task PingUntilAnsweredAsync(NodeProcess node, FormClient ada, Process bot)
    {
        await using var room = await SocketClient.ConnectAsync(node.Address, "ws/chat/1/chat/", ada.Cookies);
        var answer = AnswerAsync(room);
        for (var asked = Stopwatch.StartNew(); !answer.IsCompleted && asked.Elapsed < Limit && !bot.HasExited;)
        {
            await room.SendTextAsync("""{"message":"!ping"}""");
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(1)));
        }

        Assert.True(answer.IsCompleted, "The bot did not answer.");
        Assert.Equal("Ping", await answer);
    }

    private static async Task<string?> AnswerAsync(SocketClient room)
    {
        while (true)
        {
            var created = await room.ReceiveJsonAsync("chat.message.created");
            if (created.GetProperty("message").GetString() == "pong")
                return created.GetProperty("author_name").GetString();
        }
    }
}
