using BlazorChat.Tests.Support;

namespace BlazorChat.Tests.Attachments;

public sealed class AvatarPageTests(Place place) : IClassFixture<Place>
{
    [Fact]
    public async Task A_browser_without_scripts_sends_a_picture()
    {
        using var zoe = await place.JoinAsync("Zoe");

        Assert.Contains("appears in a moment", await SendAsync(zoe, AvatarsTests.Dot), StringComparison.Ordinal);
        Assert.Contains("Choose a picture", await SendAsync(zoe, "no"u8.ToArray()), StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(Member member, byte[] file)
    {
        var page = await member.GetPageAsync("account/avatar");
        using var content = new MultipartFormDataContent();
        foreach (var name in new[] { "_handler", "__RequestVerificationToken" })
            content.Add(new StringContent(page.Forms[0].QuerySelector($"input[name={name}]")!.GetAttribute("value")!), name);
        content.Add(new ByteArrayContent(file), "Picture", "me.png");
        using var response = await member.PostAsync("account/avatar", content);
        return (await FormClient.ReadAsync(response)).QuerySelector("main")!.TextContent;
    }
}
