using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Pages.Threads;
using BlazorChat.Rooms.Polls;
using Bunit;

namespace BlazorChat.Tests.Rooms.Pages.Rows;

/// <summary>Polls in the rows of a room and of a thread, and what the script of the list asks for.</summary>
public sealed class PollRowTests : ComponentTest
{
    private RoomPolls Polls => Services.GetRequiredService<RoomPolls>();

    [Fact]
    public async Task A_row_has_each_option_with_its_people_and_changes_with_the_feed()
    {
        var (zoe, room) = await PrepareAsync(new PollDraft(["Pizza <i>", "Soup"], EndsAt: DateTime.UtcNow.AddHours(1)));
        await Polls.VoteAsync(zoe, room.Id, 1, [1], default);
        var pane = await ReadyAsync(room);

        Assert.Equal(["Pizza <i> 100% 1", "Soup 0% 0"], OptionsOf(pane));
        var option = pane.Find("#m-1 [data-option='1']");
        Assert.Equal(("radio", "false", "Zoe", $"{zoe.UserId}"), (option.GetAttribute("role"), option.GetAttribute("aria-checked"), option.GetAttribute("title"), option.GetAttribute("data-people")));
        Assert.Equal("--share: 100%", option.GetAttribute("style"));
        Assert.NotNull(pane.Find("#m-1 [role=radiogroup]"));
        Assert.Equal("1 person voted", pane.Find("#m-1 .poll-voters").TextContent);
        Assert.StartsWith("Ends ", pane.Find("#m-1 .poll-line span:last-child").TextContent, StringComparison.Ordinal);
        Assert.NotNull(pane.Find("#m-1 .poll-line time[data-time=weekday]"));

        // The list follows, and its script votes.
        var answer = await pane.FindComponent<MessageList>().Instance.VoteAsync(1, [2]);
        Assert.Equal((ChoiceStatus.Accepted, 3L), (answer.Status, answer.Revision));
        await pane.WaitForStateAsync(() => OptionsOf(pane).SequenceEqual(["Pizza <i> 50% 1", "Soup 50% 1"]));
        Assert.Equal(("3", "2 people voted"), (pane.Find("#m-1").GetAttribute("data-revision"), pane.Find("#m-1 .poll-voters").TextContent));

        await Polls.EndAsync(Ada, room.Id, 1, default);
        await pane.WaitForElementAsync("#m-1 .poll[data-ended]");
        Assert.Equal("true", pane.Find("#m-1 [data-option='1']").GetAttribute("aria-disabled"));
        Assert.Contains("Final result", pane.Find("#m-1 .poll-line").TextContent, StringComparison.Ordinal);
        Assert.Equal(new ChoiceAnswer(ChoiceStatus.Refused, "This poll has ended."), await pane.FindComponent<MessageList>().Instance.VoteAsync(1, [1]));

        await Site.Conversation.DeleteAsync(Ada, room.Id, 1, default);
        await pane.WaitForStateAsync(() => pane.FindAll("#m-1 .poll").Count == 0);
    }

    [Fact]
    public async Task An_anonymous_poll_of_several_choices_names_nobody_and_the_list_finds_the_votes_of_the_reader()
    {
        var (zoe, room) = await PrepareAsync(new PollDraft(["one", "two"], IsMultiple: true, IsAnonymous: true));
        await Polls.VoteAsync(zoe, room.Id, 1, [1], default);
        await Polls.VoteAsync(Ada, room.Id, 1, [1, 2], default);
        var pane = await ReadyAsync(room);

        Assert.Empty(pane.FindAll("#m-1 .poll-count, #m-1 .poll-share"));
        Assert.All(pane.FindAll("#m-1 .poll-option"), option => Assert.Equal(("0", "--share: 0%"), (option.GetAttribute("data-count"), option.GetAttribute("style"))));
        Assert.DoesNotContain("Zoe", pane.Find("#m-1").OuterHtml, StringComparison.Ordinal);
        Assert.Empty(pane.FindAll("#m-1 [data-people], #m-1 [data-others], #m-1 .poll-option[title]"));
        Assert.Equal(2, pane.FindAll("#m-1 [role=checkbox]").Count);
        Assert.Equal(["2 people voted", "Several choices", "Anonymous. Results appear when the poll ends"], pane.FindAll("#m-1 .poll-line span").Select(part => part.TextContent));
        Assert.Equal(["1 1", "1 2"], (await pane.FindComponent<MessageList>().Instance.FindVotesAsync([1])).Order());

        await Polls.EndAsync(Ada, room.Id, 1, default);
        await pane.WaitForElementAsync("#m-1 .poll[data-ended]");
        Assert.Equal(["one 100% 2", "two 50% 1"], OptionsOf(pane));
        Assert.Contains("Anonymous", pane.FindAll("#m-1 .poll-line span").Select(part => part.TextContent));
    }

    [Fact]
    public async Task A_new_name_of_a_voter_is_another_row()
    {
        var (zoe, room) = await PrepareAsync(new PollDraft(["one", "two"]));
        var message = await Polls.VoteAsync(zoe, room.Id, 1, [1], default);
        var rows = Services.GetRequiredService<RenderedRows>();
        Assert.Contains("title=\"Zoe\"", rows.HtmlOf(message, startsGroup: true), StringComparison.Ordinal);

        var renamed = message.By(new Dictionary<int, MessageAuthor> { [zoe.UserId] = new("Zoë", null, false, "zoe") });

        Assert.Contains("title=\"Zoë\"", rows.HtmlOf(renamed, startsGroup: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poll_can_be_voted_in_beside_its_thread()
    {
        var (_, room) = await PrepareAsync(new PollDraft(["one", "two"]));
        await Site.Conversation.ReplyAsync(Ada, room.Id, 1, Guid.NewGuid(), "I say two", [], isInRoom: false, default);
        var pane = Render<ThreadPane>(parameters => parameters.Add(p => p.Room, room).Add(p => p.Root, 1));
        await pane.WaitForElementAsync("#r-0 .poll");

        Assert.Equal(ChoiceStatus.Accepted, (await pane.FindComponent<MessageList>().Instance.VoteAsync(1, [2])).Status);

        await pane.WaitForStateAsync(() => pane.Find("#r-0 [data-option='2'] .poll-count").TextContent == "1");
        Assert.Empty(pane.FindAll(".composer-poll"));
    }

    private async Task<(ClaimsPrincipal Zoe, RoomView Room)> PrepareAsync(PollDraft draft)
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Rooms.JoinAsync(zoe, room.Id, default);
        await Polls.SendAsync(Ada, room.Id, Guid.NewGuid(), "question", draft, default);
        return (zoe, (await Site.Rooms.FindAsync(Ada, room.Id, default))!);
    }

    private static IReadOnlyList<string> OptionsOf(IRenderedComponent<ChatPane> pane) =>
        [.. pane.FindAll("#m-1 .poll-option").Select(option => string.Join(' ', option.Children.Skip(1).Select(part => part.TextContent)))];

    private async Task<IRenderedComponent<ChatPane>> ReadyAsync(RoomView room)
    {
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room));
        await pane.WaitForElementAsync("#m-1 .poll");
        return pane;
    }
}
