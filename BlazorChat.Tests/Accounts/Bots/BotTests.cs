using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Admin;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Node = BlazorChat.Tests.Support.Nodes.Node;

namespace BlazorChat.Tests.Accounts.Bots;

/// <summary>Bots and their keys: who creates them, and what they give access to.</summary>
public sealed class BotTests(TestSite site) : IClassFixture<TestSite>
{
    private const string General = "ws/chat/1/chat/";

    private readonly Node _node = site.Node;
    private readonly FormClient _ada = site.Ada;

    [Fact]
    public async Task A_key_is_shown_once_and_stored_as_a_hash()
    {
        var (id, _, key) = await site.AddBotAsync("Deployer");
        var page = await _ada.GetPageAsync("admin/bots");
        var row = Row(page, id);

        Assert.Matches("^bc_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal($"…{key[^4..]}", row!.QuerySelector(".bot-key")!.TextContent);
        Assert.DoesNotContain(key, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Contains("In General", string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        await using var database = new DirectDatabase(_node.DataFolder);
        var stored = await database.Db.BotKeys.Include(known => known.Bot).SingleAsync(known => known.BotId == id);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(key)), stored.Hash);
        Assert.Equal((1, true, "Deployer", null), (stored.CreatedById, stored.Bot!.IsBot, stored.Bot.DisplayName, stored.Bot.PasswordHash));
        foreach (var file in Directory.EnumerateFiles(_node.DataFolder))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Assert.DoesNotContain(key, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(key, _node.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\tnames")]
    [InlineData("ㅤ")]
    public async Task A_bot_needs_a_visible_name(string name)
    {
        var before = (await _ada.GetPageAsync("admin/bots")).QuerySelectorAll(".entries > li").Length;

        using var refused = await _ada.SubmitAsync("admin/bots", "new-bot", ("Name", name));

        var page = await FormClient.ReadAsync(refused);
        Assert.NotEmpty(page.QuerySelector("#name-error .error")!.TextContent);
        Assert.Null(page.QuerySelector("#bot-key"));
        Assert.Equal(before, page.QuerySelectorAll(".entries > li").Length);
    }

    [Fact]
    public async Task A_key_opens_the_chats_socket_until_it_is_revoked()
    {
        var room = await site.AddRoomAsync(site.Ada);
        var (id, keyId, old) = await site.AddBotAsync("Deployer", room);
        using var made = await _ada.SubmitAsync("admin/bots", "bots", ("KeyFor", $"{id}"));
        var next = (await FormClient.ReadAsync(made)).QuerySelector("#bot-key")!.TextContent;
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Chat(room), key: old);
        await using var other = await SocketClient.ConnectAsync(_node.Address, Chat(room), key: next);

        await socket.SendTextAsync("""{"message":"Deployed"}""");
        Assert.Equal("Deployer", (await other.ReceiveJsonAsync("chat.message.created")).GetProperty("author_name").GetString());
        await using (var database = new DirectDatabase(_node.DataFolder))
            Assert.Equal([true, true], (await database.Db.BotKeys.Where(key => key.BotId == id).ToListAsync()).Select(key => key.LastUsedAt is not null));
        using var revoked = await _ada.SubmitAsync("admin/bots", "bots", ("Revoke", $"{keyId}"));

        Assert.Equal((1008, "The sign-in has ended."), await socket.ClosedWithAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.StatusAsync(_node.Address, Chat(room), key: old));
        await other.SendTextAsync("""{"message":"still here"}""");
        await other.ReceiveJsonAsync("chat.message.accepted");
        Assert.Equal($"…{next[^4..]}", Row(await _ada.GetPageAsync("admin/bots"), id)!.QuerySelector(".bot-key")!.TextContent);
    }

    [Fact]
    public async Task A_removed_bot_loses_all_its_keys_and_its_messages_stay()
    {
        var room = await site.AddRoomAsync(site.Ada);
        var (id, _, key) = await site.AddBotAsync("Deployer", room);
        await using var socket = await SocketClient.ConnectAsync(_node.Address, $"{Chat(room)}?access_token={key}");
        await socket.SendTextAsync("""{"message":"Deployed"}""");
        await socket.ReceiveJsonAsync("chat.message.accepted");

        using var removed = await _ada.SubmitAsync("admin/bots", "bots", ("Remove", $"{id}"));

        Assert.Equal(1008, (await socket.ClosedWithAsync()).Code);
        Assert.Null(Row(await _ada.GetPageAsync("admin/bots"), id));
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.StatusAsync(_node.Address, Chat(room), key: key));
        using var again = await _ada.SubmitAsync("admin/bots", "bots", ("KeyFor", $"{id}"));
        Assert.Equal("This bot no longer exists.", (await FormClient.ReadAsync(again)).QuerySelector("p.error")!.TextContent);
        await using var hers = await SocketClient.ConnectAsync(_node.Address, $"{Chat(room)}?after=0", _ada.Cookies);
        Assert.Equal("Deployer", (await hers.ReceiveJsonAsync("chat.message.created")).GetProperty("author_name").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("account/manage")]
    [InlineData("admin/bots")]
    [InlineData("rooms/1")]
    public async Task A_key_signs_in_to_no_page(string path)
    {
        var key = await _ada.MakeBotAsync($"Deployer {Guid.NewGuid():N}");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _node.Address };
        using var inTheAddress = await http.GetAsync(new Uri($"{path}?access_token={key}", UriKind.Relative));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var inTheHeader = await http.GetAsync(new Uri(path, UriKind.Relative));

        foreach (var response in new[] { inTheAddress, inTheHeader })
        {
            Assert.Equal("/account/login", new Uri(_node.Address, response.Headers.Location!).AbsolutePath);
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Wrong_keys_get_401_and_after_some_attempts_429_while_the_right_one_works()
    {
        await using var node = await HostedNode.StartAsync(_node.DataFolder, "Accounts:AttemptsPerMinute=5");
        var key = await _ada.MakeBotAsync($"Deployer {Guid.NewGuid():N}");
        var wrong = $"{key[..^1]}{(key[^1] == 'A' ? 'E' : 'A')}";
        using var http = new HttpClient { BaseAddress = node.Address };

        foreach (var guess in new[] { "x", "y", wrong, wrong, "bc_" })
        {
            using var refused = await PostAsync(http, guess);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Contains("\"unauthorized\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var limited = await PostAsync(http, wrong);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.NotNull(limited.Headers.RetryAfter);
        using var right = await PostAsync(http, key);
        Assert.Equal(HttpStatusCode.Created, right.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SocketClient.StatusAsync(node.Address, General, key: wrong));
        // A wrong key is refused also where anonymous users are accepted.
        Assert.Equal(HttpStatusCode.TooManyRequests, await SocketClient.StatusAsync(node.Address, "ws/echo/", key: wrong));
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.StatusAsync(node.Address, General));
    }

    [Fact]
    public async Task Bots_are_for_admins_and_no_bot_is_an_admin()
    {
        var (id, _, _) = await site.AddBotAsync("Deployer");
        using var zoe = await site.JoinAsync("Zoe");
        using var refused = await zoe.GetAsync("admin/bots");
        Assert.Equal("/account/denied", new Uri(_node.Address, refused.Headers.Location!).AbsolutePath);

        Assert.DoesNotContain("Deployer", (await _ada.GetPageAsync("admin/people")).Body!.TextContent, StringComparison.Ordinal);
        foreach (var button in new[] { "MakeAdmin", "PasswordFor" })
        {
            using var tried = await _ada.SubmitAsync("admin/people", "people", (button, $"{id}"));
            Assert.Equal("This account no longer exists.", (await FormClient.ReadAsync(tried)).QuerySelector("p.error")!.TextContent);
        }

        await using var database = new DirectDatabase(_node.DataFolder);
        Assert.DoesNotContain(await database.Db.UserRoles.ToListAsync(), role => role.UserId == id);
        var bot = await database.Db.Users.SingleAsync(user => user.Id == id);
        using var guesser = new FormClient(_node.Address);
        using var signIn = await guesser.SubmitAsync("account/login", "login", ("Input.Email", bot.UserName!), ("Input.Password", ""));
        Assert.False(await guesser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_cookie_of_a_former_admin_creates_no_bots()
    {
        await using var database = await TestDatabase.CreateAsync();
        var ada = TestDatabase.SignIn((await database.AddPersonAsync("Ada")).UserId, "Ada", isAdmin: true);
        await using var db = await database.OpenAsync();
        var bots = new BotDirectory(db, database.Services.GetRequiredService<SessionDirectory>(), TimeProvider.System, NullLogger<BotDirectory>.Instance);

        Assert.Empty(await bots.ListAsync(ada, default));
        Assert.Empty(await bots.ListRoomsAsync(ada, default));
        foreach (var command in new Func<Task>[]
        {
            () => bots.CreateAsync(ada, "Bot", [], default),
            () => bots.CreateKeyAsync(ada, 1, default),
            () => bots.RevokeAsync(ada, 1, default),
            () => bots.RemoveAsync(ada, 1, default),
            () => bots.RevokeMadeByAsync(ada, 1, default),
        })
        {
            Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(command)).Code);
        }
    }

    private static string Chat(Room room) => $"ws/chat/{room.Id}/chat/";

    /// <summary>The row of a bot on the page; null when there is none.</summary>
    private static IElement? Row(IHtmlDocument page, int botId) =>
        page.QuerySelector($"button[name=KeyFor][value='{botId}']")?.Closest(".entries > li");

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/rooms/1/messages") { Content = new StringContent("hi") };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        return await http.SendAsync(request);
    }
}
