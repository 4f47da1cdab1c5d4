using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Pins;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Pins;
using Bunit;

namespace BlazorChat.Tests.Rooms.Pages.Pins;

/// <summary>Pins in the rows of a room, their number, and their list.</summary>
public sealed class PinsPaneTests : ComponentTest
{
    private MessagePins Pins => Services.GetRequiredService<MessagePins>();

    [Fact]
    public async Task A_pinned_message_has_a_sign_and_is_counted_and_listed()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        foreach (var text in new[] { "one", "two <b>", "three" })
            await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), text, default);
        await Pins.SetAsync(Ada, room.Id, 2, isSet: true, default);
        var seen = (await Site.Rooms.FindAsync(Ada, room.Id, default))!;
        var counts = new List<int>();
        var chat = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen).Add(p => p.PinsChanged, counts.Add));
        Assert.Equal("Pinned", (await chat.WaitForElementAsync("#m-2[data-pinned] .message-pin")).TextContent.Trim());
        Assert.Equal([1], counts);

        // The script of the list pins, and every page follows.
        Assert.Equal(ChoiceStatus.Accepted, (await chat.FindComponent<MessageList>().Instance.PinAsync(3, isSet: true)).Status);
        await chat.WaitForElementAsync("#m-3[data-pinned]");
        Assert.Equal(new ChoiceAnswer(ChoiceStatus.Refused, "There is no such message."), await chat.FindComponent<MessageList>().Instance.PinAsync(9, isSet: true));
        var pane = Render<PinsPane>(parameters => parameters.Add(p => p.Room, seen));
        await pane.WaitForStateAsync(() => pane.FindAll("li").Count == 2);
        Assert.Equal(["three", "two <b>"], pane.FindAll(".pin-text").Select(text => text.TextContent));
        var link = pane.Find("li a");
        Assert.Equal(($"rooms/{room.Id}#m-3", $"rooms/{room.Id}?show=pins#m-3"), (link.GetAttribute("href"), link.GetAttribute("data-wide")));
        Assert.Equal("Pinned by Ada", pane.Find(".pin-by").TextContent);

        await pane.Find("li button").ClickAsync(new());
        await chat.WaitForStateAsync(() => chat.FindAll("[data-pinned]").Count == 1);
        Assert.Equal([1, 2, 1], counts);
        pane.Render(parameters => parameters.Add(p => p.Room, seen).Add(p => p.Version, 1));
        await pane.WaitForStateAsync(() => pane.FindAll("li").Count == 1);
        await Site.Conversation.DeleteAsync(Ada, room.Id, 2, default);
        await chat.WaitForStateAsync(() => counts.Count == 4);
        Assert.Equal(0, counts[^1]);
    }
}
