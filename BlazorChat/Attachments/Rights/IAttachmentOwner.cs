using System.Security.Claims;
using BlazorChat.Data.Entities;

namespace BlazorChat.Attachments.Rights;

internal enum AttachmentAudience
{
    /// <summary>Others only: for this person it does not exist.</summary>
    Others = 0,

    /// <summary>This person, and not everybody.</summary>
    Person = 1,

    /// <summary>Everybody, signed in or not.</summary>
    Everybody = 2,
}

/// <summary>A kind of owner of attachments: rooms, liveblogs or people. Its feature decides who may read and add them, and publishes changes to its readers.</summary>
internal interface IAttachmentOwner
{
    AttachmentOwner Kind { get; }

    /// <summary>The size in bytes of the largest file there; the settings may allow less.</summary>
    long MaxSize => long.MaxValue;

    /// <summary>Who may read an attachment. Its uploader may read an unsent one.</summary>
    Task<AttachmentAudience> FindAudienceAsync(ClaimsPrincipal reader, Attachment attachment, CancellationToken cancellationToken);

    /// <summary>Checks that a person may add an attachment to an owner.</summary>
    /// <exception cref="Common.RefusedException">The owner does not exist, or the person has no right to it.</exception>
    Task CheckUploaderAsync(ClaimsPrincipal person, int ownerId, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the state of an attachment's thumbnails, in one transaction with the change that its readers receive. Does nothing when the
    /// attachment does not exist or is not pending.
    /// </summary>
    /// <param name="state"><see cref="ThumbnailState.Ready"/> or <see cref="ThumbnailState.Failed"/>.</param>
    Task SetThumbnailsAsync(int ownerId, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken);

    /// <summary>Those of some unsent attachments that may still be sent, such as the files of a draft.</summary>
    Task<IReadOnlyCollection<Guid>> FindWantedAsync(IReadOnlyCollection<Guid> unsent, CancellationToken cancellationToken);
}
