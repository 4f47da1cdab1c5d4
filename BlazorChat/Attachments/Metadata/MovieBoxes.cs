using System.Text;
using BlazorChat.Attachments.Files;

namespace BlazorChat.Attachments.Metadata;

/// <summary>The content of the box <c>moov</c>, which describes a film and its tracks.</summary>
internal static class MovieBoxes
{
    /// <summary>Boxes of boxes, and what stays of each; everything else in them becomes free space.</summary>
    private static readonly Dictionary<string, HashSet<string>> Kept = new()
    {
        ["moov"] = ["mvhd", "trak", "mvex"],
        ["trak"] = ["tkhd", "edts", "mdia", "tref", "tapt"],
        ["mdia"] = ["mdhd", "hdlr", "minf", "elng"],
        ["minf"] = ["vmhd", "smhd", "hmhd", "nmhd", "sthd", "gmhd", "hdlr", "dinf", "stbl"],
        ["stbl"] = ["stsd", "stts", "ctts", "stsc", "stsz", "stz2", "stco", "co64", "stss", "sdtp", "sbgp", "sgpd", "cslg", "saiz", "saio", "subs", "padb", "stdp"],
        ["moof"] = ["mfhd", "traf"],
        ["traf"] = ["tfhd", "tfdt", "trun", "sdtp", "sbgp", "sgpd", "saiz", "saio", "subs", "senc"],
    };

    /// <summary>Tracks of pictures and sound. Others may have the positions of the camera.</summary>
    private static readonly HashSet<string> KeptTracks = ["vide", "soun", "auxv"];

    /// <param name="movie">Changed in place.</param>
    /// <param name="erased">Gets the content of removed tracks.</param>
    public static bool TryClean(Memory<byte> movie, ErasedContent erased) =>
        !Boxes.Find(movie.Span, "trak").IsEmpty && TryClean(movie.Span, "moov", erased);

    public static bool TryCleanFragment(Memory<byte> fragment) => TryClean(fragment.Span, "moof", new ErasedContent(0));

    private static bool TryClean(Span<byte> boxes, string parent, ErasedContent erased)
    {
        while (boxes.Length > 0)
        {
            if (!BoxHead.TryRead(boxes, boxes.Length, out var head))
                return false;
            var box = boxes[..(int)head.Length];
            var content = box[head.HeadLength..];
            boxes = boxes[box.Length..];
            if (!Kept[parent].Contains(head.Type))
                Boxes.Free(box, head);
            else if (head.Type == "trak" && !IsKeptTrack(content))
            {
                erased.HasTrack = true;
                if (!SampleTables.TryFind(content, erased))
                    return false;
                Boxes.Free(box, head);
            }
            else if (Kept.ContainsKey(head.Type) ? !TryClean(content, head.Type, erased) : !TryCleanFields(content, head.Type))
                return false;
        }

        return true;
    }

    private static bool IsKeptTrack(Span<byte> track) =>
        Boxes.Find(track, "mdia", "hdlr") is { Length: >= 12 } handler && KeptTracks.Contains(Encoding.Latin1.GetString(handler[8..12]));

    /// <summary>When it was recorded, and the name that the recording program gave itself.</summary>
    private static bool TryCleanFields(Span<byte> content, string type)
    {
        switch (type)
        {
            case "mvhd" or "tkhd" or "mdhd":
                // Two times after the version and the flags, longer in version 1.
                var length = content.Length > 0 && content[0] == 1 ? 16 : 8;
                if (content.Length < 4 + length)
                    return false;
                content.Slice(4, length).Clear();
                return true;
            case "hdlr":
                const int name = 24;
                if (content.Length < 12)
                    return false;
                if (content.Length > name)
                    content[name..].Clear();
                return true;
            default:
                return true;
        }
    }
}
