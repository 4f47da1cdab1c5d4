using System.ComponentModel.DataAnnotations;
using BlazorChat.Common.Sites;

namespace BlazorChat.Attachments;

/// <summary>The section <c>Attachments</c> of the settings.</summary>
public sealed class AttachmentOptions
{
    /// <summary>The folder of the files, the same for all nodes; empty for <c>attachments</c> in the data folder.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Bytes of the largest file.</summary>
    [Range(1, 10L * 1024 * 1024 * 1024)]
    public long MaxSize { get; set; } = 50 * 1024 * 1024;

    /// <summary>Bytes of the largest file: what an admin has set, up to this setting.</summary>
    internal long MaxSizeOf(SiteRules rules) => Math.Min(MaxSize, rules.MaxUploadSize ?? MaxSize);

    /// <summary>Bytes of all files that one person has uploaded; 0 for any number.</summary>
    [Range(0, long.MaxValue)]
    public long MaxPerPerson { get; set; } = 5L * 1024 * 1024 * 1024;

    /// <summary>Bytes of all files together; 0 for as many as the disk has room for.</summary>
    [Range(0, long.MaxValue)]
    public long MaxInAll { get; set; }

    /// <summary>Bytes that must be free on the disk of the files; with less, uploads are refused.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeSpace { get; set; } = 512 * 1024 * 1024;

    /// <summary>
    /// Bytes that decoding pictures may hold at once in one process. A picture that needs more has no thumbnails, and
    /// can only be downloaded.
    /// </summary>
    [Range(16L * 1024 * 1024, 16L * 1024 * 1024 * 1024)]
    public long DecodingMemory { get; set; } = 256 * 1024 * 1024;

    /// <summary>The time after which an unsent file is deleted.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan KeepUnsent { get; set; } = TimeSpan.FromDays(7);
}
