using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Data;

/// <summary>The section <c>Data</c> of the settings.</summary>
public sealed class DataOptions
{
    /// <summary>The free space on the disk of the SQLite database, in bytes, below which writes are refused.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeSpace { get; set; } = 64 * 1024 * 1024;
}
