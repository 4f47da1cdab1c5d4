using System.Net;
using BlazorChat.Attachments.Avatars;
using BlazorChat.Attachments.Files;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Attachments.Avatars;

public sealed class AvatarPageTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Page = "account/avatar";

    [Fact]
    public async Task A_browser_without_scripts_sends_a_picture()
    {
        using var zoe = await site.JoinAsync("Zoe");

        Assert.Contains("appears in a moment", await SendAsync(zoe, AvatarsTests.Dot), StringComparison.Ordinal);
        Assert.Contains("Choose a picture", await SendAsync(zoe, "no"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_sent_many_pictures_and_has_none_yet_can_remove_them_and_send_another()
    {
        using var max = await site.JoinAsync("Max");
        Assert.False(await IsRemoveOfferedAsync(max));
        await using var database = new DirectDatabase(site.Node.DataFolder);
        database.Db.AddRange(Enumerable.Range(0, AvatarOwner.MaxKept).Select(number => Waiting(max, number)));
        await database.Db.SaveChangesAsync();
        Assert.Contains("remove them", await SendAsync(max, AvatarsTests.Dot), StringComparison.Ordinal);
        Assert.True(await IsRemoveOfferedAsync(max));

        using var removed = await max.SubmitAsync(Page, "remove");

        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.False(await database.Db.Attachments.AnyAsync(a => a.UploaderId == max.Id));
        Assert.Contains("appears in a moment", await SendAsync(max, AvatarsTests.Dot), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_visitors_are_shown_nobodys_picture_and_who_has_none_is_no_error()
    {
        using var eve = await site.JoinAsync("Eve");
        using var anonymous = new FormClient(site.Node.Address);

        foreach (var (visitor, status) in new[] { (anonymous, HttpStatusCode.Unauthorized), (eve, HttpStatusCode.NoContent) })
        {
            using var response = await visitor.GetAsync(Avatar.AddressOf(eve.Id, Guid.NewGuid()));
            Assert.Equal(status, response.StatusCode);
        }
    }

    private static Attachment Waiting(Member member, int number) => new()
    {
        Id = Guid.NewGuid(),
        Owner = AttachmentOwner.Person,
        OwnerId = member.Id,
        UploaderId = member.Id,
        Name = "me.png",
        ContentType = FileType.Png,
        Hash = [.. Enumerable.Repeat((byte)number, Attachment.HashLength)],
        Thumbnails = ThumbnailState.Pending,
        UploadedAt = DateTime.UtcNow,
    };

    private static async Task<bool> IsRemoveOfferedAsync(Member member) =>
        !(await member.GetPageAsync(Page)).Forms.Single(form => form.QuerySelector("input[value=remove]") is not null).HasAttribute("hidden");

    private static async Task<string> SendAsync(Member member, byte[] file)
    {
        var page = await member.GetPageAsync(Page);
        using var content = new MultipartFormDataContent();
        foreach (var name in new[] { "_handler", "__RequestVerificationToken" })
            content.Add(new StringContent(page.Forms[0].QuerySelector($"input[name={name}]")!.GetAttribute("value")!), name);
        content.Add(new ByteArrayContent(file), "Picture", "me.png");
        using var response = await member.PostAsync(Page, content);
        return (await FormClient.ReadAsync(response)).QuerySelector("main")!.TextContent;
    }
}
