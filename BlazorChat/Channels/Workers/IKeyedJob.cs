namespace BlazorChat.Channels.Workers;

/// <summary>
/// A job with a key. Sending it again while a job with the same key waits or runs changes nothing. A job without this interface gets a new
/// key each time it is sent.
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
    /// <summary>The key, unique within the worker channel. 1 to 100 characters; sending a job with another key throws <see cref="InvalidOperationException"/>.</summary>
    string Key { get; }
}
