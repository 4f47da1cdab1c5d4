using BlazorChat.Common;
using BlazorChat.Data.Entities;

namespace BlazorChat.Attachments.Rights;

/// <summary>Finds the feature of a kind of owner.</summary>
internal sealed class AttachmentOwners(IEnumerable<IAttachmentOwner> owners)
{
    private readonly Dictionary<AttachmentOwner, IAttachmentOwner> _owners = owners.ToDictionary(owner => owner.Kind);

    public IEnumerable<IAttachmentOwner> All => _owners.Values;

    /// <exception cref="RefusedException">Nothing can be attached there.</exception>
    public IAttachmentOwner Get(AttachmentOwner kind) =>
        _owners.GetValueOrDefault(kind) ?? throw new RefusedException(RefusalCode.NotFound, AttachmentTexts.Get("OwnerUnknown"));
}
