namespace BlazorChat.Demo;

/// <summary>The section <c>Demo</c> of the settings, which <c>--demo</c> sets.</summary>
public sealed class DemoOptions
{
    public bool Run { get; set; }
}

/// <summary>The names of settings that the demo does not follow.</summary>
internal sealed record IgnoredSettings(IReadOnlyList<string> Names);
