using BlazorChat.Common.Components;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>A number that the drawer shows and reads again after an event. Call it on the renderer's dispatcher.</summary>
internal sealed class DrawerCount
{
    private readonly RefreshLoop _refresh;

    /// <param name="read">Reads the number.</param>
    /// <param name="changed">Called when it has changed.</param>
    /// <param name="logger">Of the component.</param>
    /// <param name="time">The clock.</param>
    /// <param name="closed">Cancelled when the component is disposed.</param>
    public DrawerCount(Func<Task<int>> read, Action changed, ILogger logger, TimeProvider time, CancellationToken closed) =>
        _refresh = new RefreshLoop(() => LoadAsync(read, changed), logger, time, closed);

    public int Value { get; private set; }

    /// <summary>Reads the number soon.</summary>
    public void Refresh() => _refresh.Request();

    private async Task LoadAsync(Func<Task<int>> read, Action changed)
    {
        var value = await read();
        if (value == Value)
            return;
        Value = value;
        changed();
    }
}
