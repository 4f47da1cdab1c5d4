using BlazorChat.Rooms;
using BlazorChat.Rooms.Pages.Composing;
using Bunit;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Pages.Composing;

public sealed class TypingLineTests : BunitContext
{
    [Fact]
    public async Task The_typing_line_names_people_and_expires()
    {
        var time = new FakeTimeProvider();
        Services.AddLocalization().AddSingleton<TimeProvider>(time);
        var line = Render<TypingLine>(parameters => parameters.Add(p => p.ReaderId, 1));

        await line.Instance.ShowAsync(new RoomTyping(1, 2, "Zoe"));
        time.Advance(TimeSpan.FromSeconds(2));
        await line.Instance.ShowAsync(new RoomTyping(1, 3, "<b>Max</b>"));
        Assert.Equal("<b>Max</b> and Zoe are typing…", line.Find("p").TextContent.Trim());
        await line.Instance.ShowAsync(new RoomTyping(1, 4, "Eva"));
        Assert.Equal("Several people are typing…", line.Find("p").TextContent.Trim());
        await line.InvokeAsync(() => line.Instance.Hide(4));
        time.Advance(TimeSpan.FromSeconds(4.5));
        await line.WaitForStateAsync(() => line.Find("p").TextContent.Trim() == "<b>Max</b> is typing…");
        time.Advance(TimeSpan.FromSeconds(4));

        await line.WaitForStateAsync(() => line.Find("p").TextContent.Trim() == "");
    }
}
