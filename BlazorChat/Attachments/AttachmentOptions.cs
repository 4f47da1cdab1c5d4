using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Attachments;

/// <summary>The section <c>Attachments</c> of the settings.</summary>
public sealed class AttachmentOptions
{
    /// <summary>Where files are kept, the same for all nodes; empty for <c>attachments</c> in the data folder.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Bytes of the largest file.</summary>
    [Range(1, 10L * 1024 * 1024 * 1024)]
    public long MaxSize { get; set; } = 50 * 1024 * 1024;

    /// <summary>How long a file is kept that was uploaded and never sent.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan KeepUnsent { get; set; } = TimeSpan.FromDays(7);
}
