using BlazorChat.Common;
using BlazorChat.Data.Entities;

namespace BlazorChat.Attachments.Rights;

/// <summary>Finds the feature that a kind of place belongs to.</summary>
internal sealed class AttachmentPlaces(IEnumerable<IAttachmentPlace> places)
{
    private readonly Dictionary<AttachmentPlace, IAttachmentPlace> _places = places.ToDictionary(place => place.Kind);

    public IEnumerable<IAttachmentPlace> All => _places.Values;

    /// <exception cref="RefusedException">Nothing can be attached there.</exception>
    public IAttachmentPlace Get(AttachmentPlace kind) =>
        _places.GetValueOrDefault(kind) ?? throw new RefusedException(RefusalCode.NotFound, AttachmentTexts.Get("PlaceUnknown"));
}
