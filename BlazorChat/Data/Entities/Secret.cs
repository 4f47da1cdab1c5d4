namespace BlazorChat.Data.Entities;

/// <summary>Random bytes that all nodes of one deployment share. The first node that needs them creates them.</summary>
public sealed class Secret
{
    public const int MaxNameLength = 50;
    public const int Length = 32;

    public string Name { get; set; } = "";

    public byte[] Value { get; set; } = [];
}
