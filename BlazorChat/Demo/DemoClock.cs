namespace BlazorChat.Demo;

/// <summary>The system's time, but while the demo is filled that of what is written. Timers and timestamps are the system's always.</summary>
internal sealed class DemoClock : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() =>
        Interlocked.Read(ref _ticks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : base.GetUtcNow();

    public void Set(DateTimeOffset time) => Interlocked.Exchange(ref _ticks, time.UtcTicks);

    /// <summary>It is the system's time from now on.</summary>
    public void Release() => Interlocked.Exchange(ref _ticks, 0);
}
