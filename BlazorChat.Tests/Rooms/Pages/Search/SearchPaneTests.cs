using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Pages.Search;
using BlazorChat.Rooms.Search;
using BlazorChat.Rooms.Search.Indexing;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Pages.Search;

public sealed class SearchPaneTests : ComponentTest
{
    [Fact]
    public async Task Results_mark_what_was_found_and_lead_to_their_messages()
    {
        var (zoe, room) = await AddRoomAsync("General");
        await SendAsync(zoe, room, "내일 **서울에서** <만나요>");

        var pane = await RenderAsync("서울");

        Assert.Equal($"rooms/{room.Id}#m-1", pane.Find("[data-result]").GetAttribute("href"));
        Assert.Equal("내일 서울에서 <만나요>", pane.Find(".search-text").TextContent);
        Assert.Equal("서울", pane.Find("mark").TextContent);
        await Site.Conversation.ReplyAsync(zoe, room.Id, 1, Guid.NewGuid(), "부산에서", [], isInRoom: false, default);
        Assert.Equal($"rooms/{room.Id}/1/1", (await RenderAsync("부산")).Find("[data-result]").GetAttribute("href"));
        Assert.Equal(("Zoe", "General"), (pane.Find(".search-author").TextContent, pane.Find(".search-room bdi").TextContent));
        Assert.Empty(pane.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task Beside_a_room_results_keep_the_search_open()
    {
        var (zoe, room) = await AddRoomAsync("General");
        await SendAsync(zoe, room, "launch party");

        var pane = await RenderAsync("launch from:zoe", room.Id, room.Id);

        Assert.Equal($"rooms/{room.Id}?q=launch%20from%3Azoe&in={room.Id}#m-1", pane.Find("[data-result]").GetAttribute("href"));
        await pane.Find("input[type=checkbox]").ChangeAsync(new ChangeEventArgs { Value = false });
        Assert.EndsWith($"/rooms/{room.Id}?q=launch%20from%3Azoe", Navigation.Uri, StringComparison.Ordinal);
        await pane.Find("input[type=search]").ChangeAsync(new ChangeEventArgs { Value = " party " });
        await pane.Find("form").SubmitAsync();
        Assert.EndsWith($"/rooms/{room.Id}?q=party&in={room.Id}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_filter_is_explained_at_the_box()
    {
        await AddRoomAsync("General");

        var pane = await RenderAsync("from:nobody");
        Assert.Equal("Nobody is called “nobody”.", pane.Find("[role=alert]").TextContent.Trim());
        Assert.Equal("true", pane.Find("input[type=search]").GetAttribute("aria-invalid"));
        Assert.Empty(pane.FindAll(".search-hint"));

        pane.Render(parameters => parameters.Add(search => search.Query, "nothing"));
        await pane.WaitForStateAsync(() => pane.FindAll(".search-hint").Count == 1);
        Assert.Equal("No messages match.", pane.Find(".search-hint").TextContent);
        Assert.Empty(pane.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task An_empty_search_lists_the_filters()
    {
        var pane = await RenderAsync("");

        Assert.Contains("is:mention", pane.FindAll(".search-filters code").Select(filter => filter.TextContent));
        Assert.Empty(pane.FindAll("[data-result]"));
    }

    [Fact]
    public async Task More_results_are_added()
    {
        var (zoe, room) = await AddRoomAsync("General");
        for (var i = 1; i <= 25; i++)
            await SendAsync(zoe, room, $"word {i}");
        var pane = await RenderAsync("word");
        Assert.Equal(RoomSearch.PageSize, pane.FindAll("[data-result]").Count);

        await pane.Find(".search-more").ClickAsync();

        await pane.WaitForStateAsync(() => pane.FindAll("[data-result]").Count == 25);
        Assert.Equal("word 1", pane.FindAll(".search-text")[^1].TextContent);
        Assert.Empty(pane.FindAll(".search-more"));
    }

    [Fact]
    public async Task Messages_that_are_not_indexed_yet_are_announced()
    {
        var (zoe, room) = await AddRoomAsync("General");
        await SendAsync(zoe, room, "word");
        await IndexAsync();
        await Site.Services.GetRequiredService<RoomSearchFollower>().StopAsync(default);
        await using (var db = await Site.OpenAsync())
        {
            // As if the index of a large room had begun.
            await db.Rooms.Where(r => r.Id == room.Id).ExecuteUpdateAsync(r => r.SetProperty(x => x.LastRevision, 1_000));
            await db.SearchPositions.ExecuteUpdateAsync(p => p.SetProperty(x => x.Revision, 400));
        }

        var pane = Render<SearchPane>(parameters => parameters.Add(search => search.Query, "word"));

        await pane.WaitForElementAsync(".search-hint");
        Assert.Matches(@"^Older messages are being indexed \(\d\d ?%\)\. Some may be missing here\.$", pane.Find(".search-hint").TextContent);
    }

    [Fact]
    public async Task Names_complete_filters()
    {
        var (_, room) = await AddRoomAsync("Release notes");
        var secret = await Site.Rooms.CreateAsync(await Site.AddPersonAsync("Kim"), "Release secrets", RoomKind.Private, default);
        var pane = await RenderAsync("");

        Assert.Equal([new SearchSuggestion("Zoe", "zoe")], await pane.Instance.SuggestAsync("from", "zo"));
        Assert.Equal([new SearchSuggestion("Zoe", "@zoe")], await pane.Instance.SuggestAsync("in", "@ZO"));
        Assert.Equal([new SearchSuggestion("Release notes", "Release-notes")], await pane.Instance.SuggestAsync("in", "rel"));
        Assert.Empty(await pane.Instance.SuggestAsync("in", ""));
        Assert.NotEqual(room.Id, secret.Id);
    }

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    private async Task<IRenderedComponent<SearchPane>> RenderAsync(string query, int? roomId = null, int? openRoomId = null)
    {
        await IndexAsync();
        var pane = Render<SearchPane>(parameters => parameters
            .Add(search => search.Query, query).Add(search => search.RoomId, roomId).Add(search => search.OpenRoomId, openRoomId));
        await pane.WaitForElementAsync("[data-ready]");
        await pane.WaitForStateAsync(() => query.Length == 0 || pane.FindAll("[data-result], .search-hint, [role=alert]").Count > 0);
        return pane;
    }

    private async Task IndexAsync()
    {
        var follower = Site.Services.GetRequiredService<RoomSearchFollower>();
        while (await follower.WriteBatchAsync(default))
        {
            // The next batch.
        }
    }

    private async Task<(ClaimsPrincipal Zoe, RoomView Room)> AddRoomAsync(string name)
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, name, RoomKind.Open, default);
        await Site.Services.GetRequiredService<RoomMembers>().AddAsync(zoe, room.Id, Ada.UserId, default);
        return (zoe, room);
    }

    private Task<MessageView> SendAsync(ClaimsPrincipal person, RoomView room, string text) =>
        Site.Conversation.SendAsync(person, room.Id, Guid.NewGuid(), text, default);
}
