using System.Numerics;

namespace BlazorChat.Attachments.Metadata;

/// <summary>
/// Removes from Matroska and WebM (RFC 9559, in the EBML of RFC 8794) everything but pictures and sound: tags,
/// attached files, chapters, titles and times. It works in place: an element that is not needed becomes a void one of the same
/// length, so that no offset moves. Only elements that are known to be needed stay.
/// </summary>
internal static class MatroskaMetadata
{
    private const uint Void = 0xEC;
    private const uint Cluster = 0x1F43B675;
    private const uint TrackType = 0x83;
    private const long UnknownLength = -1;
    private const int MaxHeadLength = 12;

    /// <summary>Elements whose children are checked one by one: segment, information, tracks, one track. Identifiers mean the same everywhere.</summary>
    private static readonly HashSet<uint> Entered = [0x18538067, 0x1549A966, 0x1654AE6B, 0xAE];

    private static readonly HashSet<uint> Kept =
    [
        // The head, the index of elements, clusters and cues.
        0x1A45DFA3, 0x114D9B74, Cluster, 0x1C53BB6B,
        // Of the information: the scale of times, and the duration.
        0x2AD7B1, 0x4489,
        // Of a track: numbers, flags, language, codec, and what is played.
        0xD7, 0x73C5, TrackType, 0xB9, 0x88, 0x55AA, 0x55AB, 0x55AC, 0x55AD, 0x55AE, 0x55AF, 0x9C, 0x6DE7, 0x6DF8, 0x23E383, 0x234E7A, 0x23314F, 0x55EE, 0x41E4,
        0x22B59C, 0x22B59D, 0x86, 0x63A2, 0x56AA, 0x56BB, 0xE0, 0xE1, 0xE2, 0x6D80,
        // Of a cluster of unknown length, as in a live recording: time, blocks, position.
        0xE7, 0xA3, 0xA0, 0xAB, 0xA7,
    ];

    /// <summary>The programs that wrote the file. Players need the elements.</summary>
    private static readonly HashSet<uint> Emptied = [0x4D80, 0x5741];

    /// <summary>Changes the file.</summary>
    /// <returns>False when the file is not understood; others must not read it then.</returns>
    public static bool TryRemove(Stream file)
    {
        var parts = 0;
        for (long position = 0; position < file.Length;)
        {
            if (++parts > InPlace.MaxParts || !TryReadHead(file, position, out var head))
                return false;
            var content = position + head.HeadLength;
            if (Entered.Contains(head.Id) || (head.Id == Cluster && head.Length == UnknownLength))
            {
                position = content;
                continue;
            }

            // The last cluster of a recording that broke off ends early.
            var length = head.Id == Cluster ? Math.Min(head.Length, file.Length - content) : head.Length;
            if (length == UnknownLength || length > file.Length - content || (head.Id == TrackType && !IsKeptTrack(file, content, length)))
                return false;
            if (Emptied.Contains(head.Id))
                InPlace.Erase(file, new FileRange(content, length));
            else if (!Kept.Contains(head.Id))
                Free(file, position, head.HeadLength + length);
            position = content + length;
        }

        file.Flush();
        return parts > 0;
    }

    /// <summary>Pictures, sound and subtitles. A track of another kind may have the positions of the camera.</summary>
    private static bool IsKeptTrack(Stream file, long position, long length)
    {
        file.Position = position;
        return length == 1 && file.ReadByte() is 1 or 2 or 17;
    }

    private static void Free(Stream file, long position, long length)
    {
        // The length of what follows takes eight bytes where there is room for them, otherwise one.
        const int longHead = 9;
        const int shortHead = 2;
        Span<byte> head = stackalloc byte[longHead];
        head[0] = (byte)Void;
        if (length >= longHead)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(head[1..], length - longHead);
            head[1] = 1;
        }
        else
        {
            head = head[..shortHead];
            head[1] = (byte)(0x80 | (length - shortHead));
        }

        InPlace.Write(file, position, head);
        InPlace.Erase(file, new FileRange(position + head.Length, length - head.Length));
    }

    private static bool TryReadHead(Stream file, long position, out ElementHead head)
    {
        head = default;
        Span<byte> bytes = stackalloc byte[MaxHeadLength];
        file.Position = position;
        bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        if (!TryReadNumber(bytes, maxLength: sizeof(uint), keepsMarker: true, out var id, out var idLength)
            || !TryReadNumber(bytes[idLength..], maxLength: sizeof(ulong), keepsMarker: false, out var length, out var lengthLength))
        {
            return false;
        }

        var isUnknown = length == (1L << (7 * lengthLength)) - 1;
        head = new ElementHead((uint)id, idLength + lengthLength, isUnknown ? UnknownLength : length);
        return true;
    }

    /// <summary>A number whose length in bytes is the number of leading zero bits of its first byte, plus one.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, int maxLength, bool keepsMarker, out long number, out int length)
    {
        (number, length) = (0, bytes.IsEmpty ? maxLength + 1 : BitOperations.LeadingZeroCount((uint)bytes[0]) - 24 + 1);
        if (length > maxLength || length > bytes.Length)
            return false;
        number = keepsMarker ? bytes[0] : bytes[0] & ((1 << (8 - length)) - 1);
        foreach (var digit in bytes[1..length])
            number = (number << 8) | digit;
        return true;
    }

    /// <param name="Length">Bytes after the head, or <see cref="UnknownLength"/>.</param>
    private readonly record struct ElementHead(uint Id, int HeadLength, long Length);
}
