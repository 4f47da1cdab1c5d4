using BlazorChat.Common.Components;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace BlazorChat.Rooms.Pages.Dialogs;

/// <summary>The base of the dialogs of rooms.</summary>
public abstract class DialogComponent : CircuitComponent
{
    [CascadingParameter]
    protected IMudDialogInstance Dialog { get; set; } = default!;
}
