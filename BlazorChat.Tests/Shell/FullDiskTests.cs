using System.Net;
using System.Text.Json;

namespace BlazorChat.Tests.Shell;

/// <summary>Nodes whose settings ask for more free space than any disk has.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const string Everything = "9000000000000000000";
    private const string Sentence = "The server&#x27;s disk is full";

    private Node _before = default!;
    private FormClient _ada = default!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        _before = await HostedNode.StartAsync();
        _ada = new FormClient(_before.Address);
        await _ada.SetUpAsync();
        _key = await _ada.MakeBotAsync("Robot");
        await _before.DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _ada.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task G19_With_a_full_disk_nothing_is_saved_and_the_reason_is_shown()
    {
        await using var node = await HostedNode.StartAsync(_before.DataFolder, $"Data:MinFreeSpace={Everything}");
        using var bot = new ScriptClient(node.Address, _key);
        for (var i = 0; i < 20; i++)
        {
            var (status, answer) = await bot.PostAsync(1, new { message = "hello" });
            Assert.Equal((HttpStatusCode.InsufficientStorage, "full"), (status, answer.GetProperty("code").GetString()));
        }

        using var eve = new FormClient(node.Address);
        using var signIn = await eve.SignInAsync("Ada");
        Assert.Equal(HttpStatusCode.InsufficientStorage, signIn.StatusCode);
        Assert.Contains(Sentence, await signIn.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "full"), await ReadyAsync(node));
        using var ada = new ScriptClient(node.Address, cookies: _ada.Cookies);
        Assert.Equal(HttpStatusCode.OK, await ada.StatusAsync("rooms/1"));
        Assert.Equal(1, node.Log.Split('\n').Count(line => line.Contains("Nothing is saved", StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G6_With_little_room_no_file_is_taken_and_all_else_goes_on()
    {
        await using var node = await HostedNode.StartAsync(_before.DataFolder, $"Attachments:MinFreeSpace={Everything}");
        using var bot = new ScriptClient(node.Address, _key);

        var (status, answer) = await bot.TryUploadAsync("room", 1, [1, 2, 3]);

        Assert.Equal((HttpStatusCode.InsufficientStorage, "full"), (status, answer.GetProperty("code").GetString()));
        Assert.Contains("disk space", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await bot.PostAsync(1, new { message = "hello" })).Status);
        Assert.Equal((HttpStatusCode.OK, "low"), await ReadyAsync(node));
    }

    private static async Task<(HttpStatusCode Status, string? Disk)> ReadyAsync(Node node)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(node.Address, "health/ready"));
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("disk").GetString());
    }
}
