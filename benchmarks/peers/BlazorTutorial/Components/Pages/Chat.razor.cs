using Microsoft.AspNetCore.Components;

namespace BlazorTutorial.Components.Pages;

/// <summary>What both pages have.</summary>
public abstract partial class Chat : ComponentBase
{
    protected const string Author = "Guest";

    private string? _text;

    [Inject]
    protected ChatService Service { get; set; } = default!;

    protected List<Message> Messages { get; private set; } = [];

    protected virtual bool IsConnected => true;

    protected override void OnInitialized() => Messages = Service.Newest;

    protected abstract Task SendAsync(string text);

    // Microsoft's tutorial adds to the list before InvokeAsync, which ends a circuit that happens to be rendering it.
    protected void Receive(Message message) => _ = InvokeAsync(() =>
    {
        Messages.Add(message);
        StateHasChanged();
    });

    private async Task SendAsync()
    {
        if (string.IsNullOrWhiteSpace(_text))
            return;
        await SendAsync(_text);
        _text = null;
    }
}
