namespace BlazorChat.Attachments;

/// <summary>
/// Removes from a file of boxes (ISO/IEC 14496-12 and QuickTime: MP4, MOV, M4A, HEIC, AVIF) what was written into it beside pictures and
/// sound. It works in place: a box that is not needed becomes free space of the same length, so that no offset moves. Only boxes
/// that are known to be needed stay.
/// </summary>
internal static class BoxMetadata
{
    /// <summary>Bytes of the box that describes a film or a picture, which is in memory for a moment.</summary>
    private const int MaxDescription = 64 * 1024 * 1024;

    private const int BufferSize = 64 * 1024;

    private static readonly HashSet<string> Kept = ["ftyp", "styp", "mdat", "sidx", "ssix", "mfra"];

    /// <summary>Changes the file.</summary>
    /// <returns>False when it is not understood; it must not be shown to others then.</returns>
    public static bool TryRemove(Stream file)
    {
        var isDescribed = false;
        var hasFragments = false;
        var erased = new List<FileRange>();
        for (long position = 0; position < file.Length;)
        {
            if (!TryReadHead(file, position, out var box))
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

        // What a fragment holds of a track that is not kept is found by no table here.
        if (!isDescribed || (hasFragments && erased.Count > 0) || erased.Exists(range => range.Start < 0 || range.Length < 0 || range.Start > file.Length - range.Length))
            return false;
        foreach (var range in erased)
            Erase(file, range);
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

    /// <summary>Reads what is in a box, and writes it back when it could be cleaned.</summary>
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
        file.Position = position + box.HeadLength;
        file.Write(content);
        return true;
    }

    private static void Free(Stream file, long position, BoxHead box)
    {
        file.Position = position + 4;
        file.Write("free"u8);
        Erase(file, new FileRange(position + box.HeadLength, box.Length - box.HeadLength));
    }

    private static void Erase(Stream file, FileRange range)
    {
        var nothing = new byte[Math.Min(BufferSize, range.Length)];
        file.Position = range.Start;
        for (var left = range.Length; left > 0; left -= nothing.Length)
            file.Write(nothing, 0, (int)Math.Min(nothing.Length, left));
    }
}

/// <summary>Bytes of a file.</summary>
internal readonly record struct FileRange(long Start, long Length);
