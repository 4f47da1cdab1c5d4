namespace BlazorChat.Channels.Workers;

/// <summary>
/// A job that names itself. Sending it again while it waits or runs changes nothing; a job without a key gets one of its own
/// with each call that sends it.
/// </summary>
/// <example>
/// <code>
/// public sealed record ThumbnailWanted(Guid AttachmentId) : IKeyedJob
/// {
///     string IKeyedJob.Key => AttachmentId.ToString("N");
/// }
/// </code>
/// </example>
internal interface IKeyedJob
{
    /// <summary>1 to 100 characters.</summary>
    string Key { get; }
}
