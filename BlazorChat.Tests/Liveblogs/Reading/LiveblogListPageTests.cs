using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs.Directory;

namespace BlazorChat.Tests.Liveblogs.Reading;

/// <summary>The list of liveblogs, page by page.</summary>
public sealed class LiveblogListPageTests(ReaderSite site) : IClassFixture<ReaderSite>
{
    [Fact]
    public async Task B5_Older_liveblogs_are_on_the_linked_pages()
    {
        await using (var db = await site.Desk.OpenAsync())
        {
            for (var i = 0; i < LiveblogDirectory.PageSize + 5; i++)
            {
                db.Add(new Liveblog
                {
                    Slug = $"old-{i}",
                    Title = $"Old {i}",
                    State = LiveblogState.Archived,
                    CreatedById = site.Ada.UserId,
                    StartedAt = DateTime.UnixEpoch,
                    ArchivedAt = DateTime.UnixEpoch,
                });
            }

            await db.SaveChangesAsync();
        }

        var first = await site.Anonymous.GetPageAsync("liveblogs");
        var older = first.QuerySelector(".liveblog-older a")!.GetAttribute("href")!;
        var second = await site.Anonymous.GetPageAsync(older);
        var beyond = await site.Anonymous.GetPageAsync("liveblogs?before=1");

        Assert.Equal(LiveblogDirectory.PageSize, first.QuerySelectorAll(".liveblog-list li").Length);
        Assert.Equal(["Old 4", "Old 3", "Old 2", "Old 1", "Old 0"], second.QuerySelectorAll(".liveblog-list a").Select(link => link.TextContent));
        Assert.Null(second.QuerySelector(".liveblog-older"));
        Assert.Equal("No older liveblogs.", beyond.QuerySelector(".liveblog-empty")!.TextContent);
    }
}
