namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// The timeout of every wait in a test. It asserts nothing about speed: it is long, so that a busy machine fails no test, and it ends a test
/// that would wait for ever.
/// </summary>
public static class TestWait
{
    /// <summary>The timeout: one minute.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The timeout in milliseconds.</summary>
    public static readonly float LimitMilliseconds = (float)Limit.TotalMilliseconds;
}
