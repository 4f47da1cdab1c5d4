using BlazorChat.Attachments.Files;

namespace BlazorChat.Attachments.Metadata;

/// <summary>
/// Removes from a file of boxes (ISO/IEC 14496-12 and QuickTime: MP4, MOV, M4A, HEIC, AVIF) everything but pictures and
/// sound. It works in place: a box that is not needed becomes free space of the same length, so that no offset moves. Only boxes
/// that are known to be needed stay.
/// </summary>
internal static class BoxMetadata
{
    /// <summary>The size in bytes of the largest description of a film or a picture, which is in memory while it is cleaned.</summary>
    public const int MaxDescription = 64 * 1024 * 1024;

    private static readonly HashSet<string> Kept = ["ftyp", "styp", "mdat", "sidx", "ssix", "mfra"];

    /// <summary>Changes the file.</summary>
    /// <returns>False when the file is not understood; others must not read it then.</returns>
    public static bool TryRemove(Stream file)
    {
        var isDescribed = false;
        var hasFragments = false;
        var erased = new ErasedContent(file.Length);
        var parts = 0;
        for (long position = 0; position < file.Length;)
        {
            if (++parts > InPlace.MaxParts || !TryReadHead(file, position, out var box))
                return false;
            switch (box.Type)
            {
                case "moov":
                    if (!TryClean(file, position, box, description => MovieBoxes.TryClean(description, erased)))
                        return false;
                    isDescribed = true;
                    break;
                case "moof":
                    hasFragments = true;
                    if (!TryClean(file, position, box, MovieBoxes.TryCleanFragment))
                        return false;
                    break;
                case "meta" when TryClean(file, position, box, description => PictureBoxes.TryClean(description, position + box.HeadLength, erased)):
                    isDescribed = true;
                    break;
                default:
                    if (!Kept.Contains(box.Type))
                        Free(file, position, box);
                    break;
            }

            position += box.Length;
        }

        // No table lists the content of a removed track in fragments.
        if (!isDescribed || (hasFragments && erased.HasTrack))
            return false;
        foreach (var range in erased.Ranges)
            InPlace.Erase(file, range);
        file.Flush();
        return true;
    }

    private static bool TryReadHead(Stream file, long position, out BoxHead box)
    {
        Span<byte> head = stackalloc byte[BoxHead.MaxHeadLength];
        file.Position = position;
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return BoxHead.TryRead(head[..read], file.Length - position, out box);
    }

    /// <summary>Reads the content of a box, cleans it, and writes it back.</summary>
    private static bool TryClean(Stream file, long position, BoxHead box, Func<Memory<byte>, bool> clean)
    {
        var length = box.Length - box.HeadLength;
        if (length > MaxDescription)
            return false;
        var content = new byte[length];
        file.Position = position + box.HeadLength;
        file.ReadExactly(content);
        if (!clean(content))
            return false;
        InPlace.Write(file, position + box.HeadLength, content);
        return true;
    }

    private static void Free(Stream file, long position, BoxHead box)
    {
        InPlace.Write(file, position + 4, "free"u8);
        InPlace.Erase(file, new FileRange(position + box.HeadLength, box.Length - box.HeadLength));
    }
}
