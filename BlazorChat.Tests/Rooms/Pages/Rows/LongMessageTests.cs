using AngleSharp.Html.Parser;
using BlazorChat.Rooms.Pages.Rows;

namespace BlazorChat.Tests.Rooms.Pages.Rows;

public sealed class LongMessageTests : ComponentTest
{
    [Theory]
    [InlineData(1, 3_000, false)]
    [InlineData(1, 3_001, true)]
    [InlineData(30, 10, false)]
    [InlineData(31, 10, true)]
    public async Task A_long_message_is_folded(int lines, int charactersOfLine, bool isFolded)
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var line = new string('a', charactersOfLine);
        var sent = await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), string.Join('\n', Enumerable.Repeat(line, lines)), default);

        var row = new HtmlParser().ParseDocument(Services.GetRequiredService<RenderedRows>().HtmlOf(sent, startsGroup: true));

        Assert.Equal(isFolded, row.QuerySelector(".message-fold + [data-unfold]") is not null);
        Assert.Equal(lines * charactersOfLine, row.QuerySelector(".message-text p")!.TextContent.Length);
    }
}
