using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Pages.Dialogs;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages.Dialogs;

/// <summary>The small dialogs of a room: a new one, the question before a message is deleted, and the day to jump to.</summary>
public sealed class RoomDialogTests : ComponentTest
{
    private IRenderedComponent<MudDialogProvider> _dialogs = default!;

    protected override void AddServices() => Services.AddSingleton(Site.Services.GetRequiredService<MessageDates>());

    [Fact]
    public async Task A_new_room_is_open_or_private_and_a_refused_name_stays_with_the_reason()
    {
        await Site.Rooms.CreateAsync(Ada, "Taken", default);
        var closed = await OpenAsync<NewRoomDialog>([]);
        await _dialogs.Find("#room-name").ChangeAsync(new ChangeEventArgs { Value = "taken" });
        await _dialogs.Find("#room-name-form").SubmitAsync();

        await _dialogs.WaitForElementAsync("#room-name-error:not(:empty)");
        Assert.Equal(("true", "taken"), (_dialogs.Find("#room-name").GetAttribute("aria-invalid"), _dialogs.Find("#room-name").GetAttribute("value")));

        await _dialogs.Find("#room-name").ChangeAsync(new ChangeEventArgs { Value = "Plans" });
        await _dialogs.Find("input[type=checkbox]").ChangeAsync(new ChangeEventArgs { Value = true });
        await _dialogs.Find("#room-name-form").SubmitAsync();

        var room = Assert.IsType<RoomView>((await closed)!.Data);
        Assert.Equal(("Plans", RoomKind.Private, MembershipRole.Owner), (room.Name, room.Kind, room.Role));
    }

    [Fact]
    public async Task A_message_is_deleted_after_a_question_that_shows_it()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var message = await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "Not <b>this</b>", default);
        var closed = await OpenAsync(DeleteMessageDialog.CreateParameters(message));
        Assert.Equal("Not <b>this</b>", _dialogs.Find(".delete-message-text").TextContent);
        Assert.Null((await ReadAsync(room)).DeletedAt);

        await Button("Delete").ClickAsync();

        Assert.False((await closed)!.Canceled);
        Assert.NotNull((await ReadAsync(room)).DeletedAt);
    }

    [Fact]
    public async Task A_message_that_may_no_longer_be_deleted_keeps_the_dialog_with_the_reason()
    {
        var (zoe, room) = (await Site.AddPersonAsync("Zoe"), await Site.Rooms.CreateAsync(Ada, "Room", default));
        await Site.Rooms.JoinAsync(zoe, room.Id, default);
        var message = await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "Mine", default);
        var closed = await OpenAsync(DeleteMessageDialog.CreateParameters(message));
        await Site.Owners.LeaveAsync(Ada, room.Id, zoe.UserId, default);

        await Button("Delete").ClickAsync();

        await _dialogs.WaitForElementAsync(".error:not(:empty)");
        Assert.False(closed.IsCompleted);
        Assert.Null((await ReadAsync(room)).DeletedAt);
    }

    [Fact]
    public async Task A_chosen_day_closes_the_dialog_with_its_first_message()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "First", default);
        var closed = await OpenAsync(JumpToDateDialog.CreateParameters(room.Id));
        await _dialogs.WaitForElementAsync(".mud-picker-calendar-day.mud-current");

        await _dialogs.Find(".mud-picker-calendar-day.mud-current").ClickAsync();

        Assert.Equal(1L, (await closed)!.Data);
    }

    private AngleSharp.Dom.IElement Button(string text) => _dialogs.FindAll("button").Single(button => button.TextContent == text);

    /// <summary>An open room can be read by everybody.</summary>
    private async Task<MessageView> ReadAsync(RoomView room) =>
        Assert.Single((await Site.Conversation.ReadLatestAsync(Ada, room.Id, default)).Messages);

    /// <returns>What the dialog closes with.</returns>
    private async Task<Task<DialogResult?>> OpenAsync<TDialog>(DialogParameters<TDialog> parameters)
        where TDialog : IComponent
    {
        _dialogs = Render<MudDialogProvider>();
        var dialog = await _dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<TDialog>("Title", parameters));
        await _dialogs.WaitForElementAsync(".mud-dialog");
        return dialog.Result;
    }
}
