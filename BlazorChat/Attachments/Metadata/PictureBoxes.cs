using System.Buffers.Binary;
using System.Text;
using BlazorChat.Attachments.Files;

namespace BlazorChat.Attachments.Metadata;

/// <summary>
/// What is in the box <c>meta</c> of HEIC and AVIF (ISO/IEC 23008-12): items, most of them parts of the picture, one of them EXIF, another XMP.
/// The bytes of every item that is no part of the picture are erased where they stand.
/// </summary>
internal static class PictureBoxes
{
    private const int VersionLength = 4;

    private static readonly HashSet<string> Kept = ["hdlr", "dinf", "pitm", "iinf", "iref", "iprp", "iloc", "idat", "grpl"];

    private static readonly HashSet<string> KeptProperties =
    [
        "ispe", "pixi", "colr", "pasp", "irot", "imir", "clap", "auxC", "hvcC", "lhvC", "vvcC", "av1C", "a1op", "a1lx", "lsel", "clli", "mdcv", "cclv", "amve", "rloc", "oinf", "tols",
    ];

    private static readonly HashSet<string> KeptItems = ["hvc1", "hev1", "lhv1", "vvc1", "av01", "grid", "iovl", "iden", "tmap"];

    /// <param name="meta">Changed in place.</param>
    /// <param name="start">Where it stands in the file.</param>
    /// <param name="erased">Gets the content of removed items.</param>
    /// <returns>False when it describes no picture, or is not understood.</returns>
    public static bool TryClean(Memory<byte> meta, long start, ErasedContent erased)
    {
        if (meta.Length < VersionLength)
            return false;
        var boxes = meta.Span[VersionLength..];
        if (Boxes.Find(boxes, "hdlr") is not { Length: >= 12 } handler || !handler[8..12].SequenceEqual("pict"u8))
            return false;
        var items = new Dictionary<uint, string>();
        if (!TryReadItems(Boxes.Find(boxes, "iinf"), items))
            return false;
        // Where the content of idat stands in the file.
        long data = -1;
        var position = start + VersionLength;
        while (boxes.Length > 0)
        {
            if (!BoxHead.TryRead(boxes, boxes.Length, out var head))
                return false;
            var box = boxes[..(int)head.Length];
            if (!Kept.Contains(head.Type))
                Boxes.Free(box, head);
            else if (head.Type == "idat")
                data = position + head.HeadLength;
            else if (head.Type == "iprp" && !TryCleanProperties(box[head.HeadLength..]))
                return false;
            boxes = boxes[box.Length..];
            position += box.Length;
        }

        return new ItemLocations(Boxes.Find(meta.Span[VersionLength..], "iloc").ToArray()).TryFind(id => !KeptItems.Contains(items.GetValueOrDefault(id, "")), data, erased);
    }

    private static bool TryReadItems(Span<byte> info, Dictionary<uint, string> items)
    {
        if (info.Length < VersionLength + 2)
            return false;
        var entries = info[(VersionLength + (info[0] == 0 ? 2 : 4))..];
        while (entries.Length > 0)
        {
            if (!BoxHead.TryRead(entries, entries.Length, out var head) || head.Type != "infe")
                return false;
            var entry = entries[head.HeadLength..(int)head.Length];
            entries = entries[(int)head.Length..];
            // Version 2 has numbers of 16 bits, version 3 of 32; earlier ones have no type.
            if (entry.Length < 12 || entry[0] is not (2 or 3))
                return false;
            var isLong = entry[0] == 3;
            var id = isLong ? Boxes.Number(entry, VersionLength) : BinaryPrimitives.ReadUInt16BigEndian(entry[VersionLength..]);
            var type = VersionLength + (isLong ? 4 : 2) + 2;
            if (entry.Length < type + 4)
                return false;
            items[id] = Encoding.Latin1.GetString(entry.Slice(type, 4));
        }

        return true;
    }

    /// <summary>A property that becomes free space still counts: others are named by their numbers.</summary>
    private static bool TryCleanProperties(Span<byte> boxes)
    {
        var properties = Boxes.Find(boxes, "ipco");
        while (properties.Length > 0)
        {
            if (!BoxHead.TryRead(properties, properties.Length, out var head))
                return false;
            if (!KeptProperties.Contains(head.Type))
                Boxes.Free(properties[..(int)head.Length], head);
            properties = properties[(int)head.Length..];
        }

        return true;
    }
}
