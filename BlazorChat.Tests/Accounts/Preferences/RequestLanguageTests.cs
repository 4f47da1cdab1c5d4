using System.Net;
using System.Text.Json;

namespace BlazorChat.Tests.Accounts.Preferences;

public sealed class RequestLanguageTests(TestSite site) : IClassFixture<TestSite>
{
    private const string SignInInKorean = "로그인", SignInInEnglish = "Sign in";

    [Theory]
    [InlineData(null, "en")]
    [InlineData("ko", "ko")]
    [InlineData("ko-KR,ko;q=0.9,en-US;q=0.8", "ko")]
    [InlineData("de-DE,ko;q=0.5,en;q=0.4", "ko")]
    [InlineData("en;q=0.3,ko-KR;q=0.9", "ko")]
    [InlineData("ko;q=0,en", "en")]
    [InlineData("fr", "en")]
    [InlineData(";;,*;q=x", "en")]
    public async Task A_page_is_in_the_first_language_of_the_browser_that_the_site_speaks(string? accepted, string language)
    {
        using var visitor = new FormClient(site.Node.Address);
        var page = await OpenAsync(visitor, "account/login", accepted);

        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(language == "ko" ? SignInInKorean : SignInInEnglish, page.QuerySelector("h1")!.TextContent);
        Assert.Equal(language == "ko", page.QuerySelector("#texts")!.TextContent.Contains("이모지", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_choice_counts_more_than_the_browser_and_stays_after_signing_out()
    {
        var zoe = await site.JoinAsync("Zoe");
        await ChooseAsync(zoe, "ko");
        Assert.Equal("ko", await LanguageAsync(zoe, "account/manage", "en"));

        using var elsewhere = await site.SignInAsync(zoe);
        Assert.Equal("ko", await LanguageAsync(elsewhere, "", "en"));

        await zoe.SignOutAsync();
        Assert.Equal("ko", await LanguageAsync(zoe, "account/login", "en"));
        using var anonymous = new FormClient(site.Node.Address);
        Assert.Equal("en", await LanguageAsync(anonymous, "account/login", "en"));
    }

    [Fact]
    public async Task Automatic_follows_the_browser_again_also_where_another_person_had_chosen()
    {
        var zoe = await site.JoinAsync("Zoe");
        await ChooseAsync(zoe, "ko");
        await ChooseAsync(zoe, "");
        Assert.Equal("en", await LanguageAsync(zoe, "account/manage", "en"));
        Assert.Equal("ko", await LanguageAsync(zoe, "account/manage", "ko"));

        await ChooseAsync(zoe, "ko");
        await zoe.SignOutAsync();
        var mia = await site.JoinAsync("Mia");
        using (await zoe.SignInAsync(mia.Email))
            Assert.Equal("en", await LanguageAsync(zoe, "", "en"));
    }

    [Fact]
    public async Task A_language_that_the_site_does_not_speak_is_refused()
    {
        var zoe = await site.JoinAsync("Zoe");
        using var answer = await zoe.SubmitAsync("account/manage", "language", ("Choice", "xx"));

        Assert.Equal("This site does not have that language.", await FormClient.ReadErrorAsync(answer));
        Assert.Equal("en", await LanguageAsync(zoe, "account/manage", null));
    }

    [Fact]
    public async Task Errors_of_programs_are_in_the_language_that_they_accept()
    {
        var bot = await site.AddBotAsync("Robot");
        using var program = new FormClient(site.Node.Address);

        Assert.Equal(("not_found", "There is no such room."), await ReadErrorAsync(program, bot.Key, "en"));
        Assert.Equal(("not_found", "없는 방이에요."), await ReadErrorAsync(program, bot.Key, "ko"));
    }

    [Fact]
    public async Task Errors_of_sockets_and_of_the_hub_are_in_the_language_that_the_person_chose()
    {
        var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(zoe);
        await ChooseAsync(zoe, "ko");

        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, zoe.Cookies);
        Assert.Equal("먼저 내용을 써 주세요.", (await HubPeer.RefusedAsync(() => hub.SendAsync(room.Id, " "))).Reason);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
        await socket.SendTextAsync("""{"type":"chat.message.send","client_message_id":"5b6f2a9e-0a55-4c8e-9d0b-0d2f1f6a7c11","message":" "}""");
        Assert.Equal("먼저 내용을 써 주세요.", (await socket.ReceiveJsonAsync("error")).GetProperty("message").GetString());
    }

    [Fact]
    public async Task Pages_that_are_cached_are_cached_for_each_language()
    {
        using var visitor = new FormClient(site.Node.Address);
        for (var i = 0; i < 2; i++)
        {
            foreach (var (accepted, words) in new[] { ("ko", "라이브블로그"), ("en", "Liveblogs") })
            {
                var page = await OpenAsync(visitor, "liveblogs", accepted);
                Assert.Equal((accepted, words), (page.DocumentElement.GetAttribute("lang"), page.QuerySelector("h1")!.TextContent));
            }
        }

        using var english = await visitor.SendAsync(HttpMethod.Get, "liveblogs", null, ("Accept-Language", "en"));
        using var korean = await visitor.SendAsync(HttpMethod.Get, "liveblogs", null, ("Accept-Language", "ko"));
        Assert.NotEqual(english.Headers.ETag, korean.Headers.ETag);
        Assert.Contains("Accept-Language", korean.Headers.Vary);
        using var unchanged = await visitor.SendAsync(
            HttpMethod.Get, "liveblogs", null, ("Accept-Language", "ko"), ("If-None-Match", $"{korean.Headers.ETag}"));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var other = await visitor.SendAsync(
            HttpMethod.Get, "liveblogs", null, ("Accept-Language", "en"), ("If-None-Match", $"{korean.Headers.ETag}"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    private static async Task ChooseAsync(FormClient person, string language)
    {
        using var answer = await person.SubmitAsync("account/manage", "language", ("Choice", language));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> OpenAsync(FormClient visitor, string path, string? accepted)
    {
        using var response = await visitor.SendAsync(HttpMethod.Get, path, null, accepted is null ? [] : [("Accept-Language", accepted)]);
        return await FormClient.ReadAsync(response);
    }

    private static async Task<string?> LanguageAsync(FormClient visitor, string path, string? accepted) =>
        (await OpenAsync(visitor, path, accepted)).DocumentElement.GetAttribute("lang");

    private static async Task<(string?, string?)> ReadErrorAsync(FormClient program, string key, string language)
    {
        using var answer = await program.SendAsync(
            HttpMethod.Get, "api/rooms/999999/messages", null, ("Authorization", $"Bearer {key}"), ("Accept-Language", language));
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (error.GetProperty("code").GetString(), error.GetProperty("message").GetString());
    }
}
