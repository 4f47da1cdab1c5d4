namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// The bound of every wait for something that happens by itself. It says nothing about speed: it is long, so that a busy machine fails no test,
/// and ends a test that would wait for ever.
/// </summary>
public static class TestWait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The same in milliseconds, for what takes those.</summary>
    public static readonly float LimitMilliseconds = (float)Limit.TotalMilliseconds;
}
