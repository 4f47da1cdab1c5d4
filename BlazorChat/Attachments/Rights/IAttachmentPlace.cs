using System.Security.Claims;
using BlazorChat.Data.Entities;

namespace BlazorChat.Attachments.Rights;

internal enum AttachmentAudience
{
    /// <summary>Not the person who asks; to them it does not exist.</summary>
    Others = 0,

    /// <summary>The person who asks, and not everybody.</summary>
    Person = 1,

    /// <summary>Everybody, signed in or not.</summary>
    Everybody = 2,
}

/// <summary>One kind of place where attachments are: its feature says who may see and add them, and tells its readers of a change.</summary>
internal interface IAttachmentPlace
{
    AttachmentPlace Kind { get; }

    /// <summary>Bytes of the largest file there; the settings may allow less.</summary>
    long MaxSize => long.MaxValue;

    /// <summary>Whether the person who asks may see it; what is unsent is seen by who may send it.</summary>
    Task<AttachmentAudience> FindAudienceAsync(ClaimsPrincipal reader, Attachment attachment, CancellationToken cancellationToken);

    /// <summary>Returns when this person may add an attachment at a place.</summary>
    /// <exception cref="Common.RefusedException">There is no such place, or they may not.</exception>
    Task CheckUploaderAsync(ClaimsPrincipal person, int placeId, CancellationToken cancellationToken);

    /// <summary>
    /// Notes what has become of an attachment's thumbnails, in one transaction with the change that tells those who see it. An
    /// attachment that is gone, or not pending any more, stays as it is.
    /// </summary>
    /// <param name="state"><see cref="ThumbnailState.Ready"/> or <see cref="ThumbnailState.Failed"/>.</param>
    Task SetThumbnailsAsync(int placeId, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken);

    /// <summary>Those of some unsent attachments that somebody may still send, like those in a draft that is kept.</summary>
    Task<IReadOnlyCollection<Guid>> FindWantedAsync(IReadOnlyCollection<Guid> unsent, CancellationToken cancellationToken);
}
