using BlazorChat.Channels.Admission;

namespace BlazorChat.Attachments.Uploads;

/// <summary>How many uploads one person has under way on this node at once.</summary>
internal sealed class UploadLimit
{
    public const int MaxAtOnce = 4;

    private readonly OpenLimit<int> _underWay = new(MaxAtOnce, int.MaxValue);

    /// <returns>To be disposed when the upload has ended; null when there are too many.</returns>
    public IDisposable? TryEnter(int personId) => _underWay.TryEnter(personId);
}
