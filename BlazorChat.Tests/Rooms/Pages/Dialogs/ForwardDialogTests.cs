using AngleSharp.Dom;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages.Dialogs;
using BlazorChat.Rooms.Quotes;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages.Dialogs;

public sealed class ForwardDialogTests : ComponentTest
{
    private RoomView _secret = default!;
    private Task<string?> _closed = default!;

    [Fact]
    public async Task A_message_is_sent_as_a_text_with_its_address_and_once()
    {
        var target = await Site.Rooms.CreateAsync(Ada, "Target", default);
        var dialogs = await OpenAsync();
        Assert.True(Send(dialogs).HasAttribute("disabled"));
        Assert.Contains("the plan", dialogs.Find(".forward-message").TextContent, StringComparison.Ordinal);

        await dialogs.Find($"input[value='{target.Id}']").ChangeAsync(new ChangeEventArgs { Value = $"{target.Id}" });
        Assert.Equal("People in Target who aren't in Secret can't open this message.", dialogs.Find(".forward-warning").TextContent);
        await dialogs.Find("textarea").ChangeAsync(new ChangeEventArgs { Value = " ```\nLook at this " });
        await dialogs.Find("#forward-form").SubmitAsync();

        Assert.Equal("Forwarded to Target", await _closed);
        var sent = Assert.Single((await Site.Conversation.ReadLatestAsync(Ada, target.Id, default)).Messages);
        Assert.Equal($"{Services.GetRequiredService<NavigationManager>().BaseUri}rooms/{_secret.Id}#m-1\n\n```\nLook at this", sent.Markdown);
        // Nothing that the text opens contains the address.
        Assert.Single(Services.GetRequiredService<QuoteLinks>().Find(sent.Html, Services.GetRequiredService<NavigationManager>().BaseUri));
    }

    [Fact]
    public async Task Only_rooms_in_which_one_writes_are_offered_and_a_refusal_stays_in_the_dialog()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        await Site.Rooms.CreateAsync(zoe, "Not joined", default);
        var archived = await Site.Rooms.CreateAsync(Ada, "Archived", default);
        await Site.RoomLifecycle.ArchiveAsync(Ada, archived.Id, default);
        var left = await Site.Rooms.CreateAsync(Ada, "Left", default);
        await Site.Rooms.JoinAsync(zoe, left.Id, default);
        var dialogs = await OpenAsync();
        Assert.Equal(["Left", "Secret"], dialogs.FindAll(".forward-room bdi").Select(name => name.TextContent).Order());

        // The own room needs no warning.
        await dialogs.Find($"input[value='{_secret.Id}']").ChangeAsync(new ChangeEventArgs { Value = $"{_secret.Id}" });
        Assert.Empty(dialogs.FindAll(".forward-warning"));
        await dialogs.Find($"input[value='{left.Id}']").ChangeAsync(new ChangeEventArgs { Value = $"{left.Id}" });
        await Site.Owners.LeaveAsync(Ada, left.Id, zoe.UserId, default);
        await dialogs.Find("#forward-form").SubmitAsync();

        await dialogs.WaitForElementAsync("[role=alert]");
        Assert.False(_closed.IsCompleted);
        Assert.Empty((await Site.Conversation.ReadLatestAsync(zoe, left.Id, default)).Messages);
    }

    [Fact]
    public async Task A_text_that_notifies_many_people_is_asked_about_and_one_that_may_not_says_so()
    {
        var target = await Site.Rooms.CreateAsync(Ada, "Target", default);
        var zoe = await Site.AddPersonAsync("Zoe");
        await Site.Rooms.JoinAsync(zoe, target.Id, default);
        for (var i = 0; i < 10; i++)
            await Site.Rooms.JoinAsync(await Site.AddPersonAsync($"Person {i}"), target.Id, default);
        var dialogs = await OpenAsync();
        await dialogs.Find($"input[value='{target.Id}']").ChangeAsync(new ChangeEventArgs { Value = $"{target.Id}" });
        await dialogs.Find("textarea").ChangeAsync(new ChangeEventArgs { Value = "@room look" });
        await dialogs.Find("#forward-form").SubmitAsync();

        Assert.Equal("This notifies 11 people. Press Forward again to send it.", (await dialogs.WaitForElementAsync("[role=alert]")).TextContent);
        Assert.Empty((await Site.Conversation.ReadLatestAsync(Ada, target.Id, default)).Messages);

        // Another owner has changed who may since the dialog was opened.
        await Site.Owners.LeaveAsync(Ada, target.Id, zoe.UserId, default);
        await Site.RoomSettings.ChangeAsync(zoe, target.Id, new RoomEdit(OnlyOwnersMentionRoom: true), default);
        await Site.Rooms.JoinAsync(Ada, target.Id, default);
        await dialogs.Find("#forward-form").SubmitAsync();

        Assert.Equal("Forwarded to Target, but nobody was notified by @room or @here. Only owners can notify everyone there.", await _closed);
        Assert.Single((await Site.Conversation.ReadLatestAsync(Ada, target.Id, default)).Messages);
    }

    private static IElement Send(IRenderedComponent<MudDialogProvider> dialogs) => dialogs.Find("button[form=forward-form]");

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync()
    {
        _secret = await Site.Rooms.CreateAsync(Ada, "Secret", RoomKind.Private, default);
        var message = await Site.Conversation.SendAsync(Ada, _secret.Id, Guid.NewGuid(), "This is **the plan**", default);
        var dialogs = Render<MudDialogProvider>();
        // It completes when the dialog is closed.
        await dialogs.InvokeAsync(() => { _closed = ForwardDialog.ShowAsync(Services.GetRequiredService<IDialogService>(), message, _secret); });
        await dialogs.WaitForElementAsync(".forward-room");
        return dialogs;
    }
}
