using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Data;

/// <summary>The section <c>Data</c> of the settings.</summary>
public sealed class DataOptions
{
    /// <summary>Bytes that must be free on the disk of the SQLite database; with less nothing is written to it.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeSpace { get; set; } = 64 * 1024 * 1024;
}
