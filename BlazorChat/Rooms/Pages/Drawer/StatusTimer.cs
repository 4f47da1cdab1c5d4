using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>Renders the drawer when the next status, or do-not-disturb, of a person in it ends. Call it on the renderer's dispatcher.</summary>
/// <param name="render">Renders the drawer, which updates the timer. Called on any thread.</param>
internal sealed class StatusTimer(Action render, TimeProvider time) : IDisposable
{
    /// <summary>A later end is waited for again.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private ITimer? _timer;
    private DateTime? _until;

    /// <summary>The rooms are shown.</summary>
    public void Update(IReadOnlyList<RoomView> rooms)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var ends = rooms.Select(room => room.Person).OfType<DirectPerson>().SelectMany(person => new[] { person.Status?.Until, person.QuietUntil });
        var until = ends.Where(end => end > now).Min();
        if (until is { } next && next > now + MaxWait)
            until = now + MaxWait;
        // One that rings too early does no harm.
        if (until is null ? _until is null : _until > now && _until <= until)
            return;
        _timer?.Dispose();
        _until = until;
        _timer = until is { } at ? time.CreateTimer(_ => render(), null, at - now, Timeout.InfiniteTimeSpan) : null;
    }

    public void Dispose() => _timer?.Dispose();
}
