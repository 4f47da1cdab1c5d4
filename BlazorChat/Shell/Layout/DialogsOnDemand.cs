using MudBlazor;

namespace BlazorChat.Shell.Layout;

/// <summary>MudBlazor's dialogs, whose provider is rendered when the first dialog opens: it has three components, and most circuits open none.</summary>
internal sealed class DialogsOnDemand : DialogService, IDialogService
{
    /// <summary>As long as MudBlazor waits for a dialog.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private TaskCompletionSource? _rendered;
    private Func<IDialogReference, Task>? _add;

    public DialogsOnDemand(ILogger<DialogService> logger) : base(logger) => DialogInstanceAddedAsync += AddAsync;

    /// <summary>The first dialog opens.</summary>
    public event Action? Needed;

    /// <summary>The provider finds this event, and not the one that this class answers.</summary>
    event Func<IDialogReference, Task>? IDialogService.DialogInstanceAddedAsync
    {
        add
        {
            _add += value;
            _rendered?.TrySetResult();
        }
        remove => _add -= value;
    }

    private async Task AddAsync(IDialogReference dialog)
    {
        if (_add is null)
        {
            _rendered ??= new TaskCompletionSource();
            Needed?.Invoke();
            await _rendered.Task.WaitAsync(Limit);
        }

        await (_add?.Invoke(dialog) ?? Task.CompletedTask);
    }
}
