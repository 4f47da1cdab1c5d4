using System.Buffers.Binary;

namespace BlazorChat.Attachments.Files;

/// <summary>Reads the content of a box: other boxes, and numbers.</summary>
internal static class Boxes
{
    /// <summary>The content of a box in a box; empty when there is none.</summary>
    public static Span<byte> Find(Span<byte> boxes, params ReadOnlySpan<string> path)
    {
        while (boxes.Length > 0 && BoxHead.TryRead(boxes, boxes.Length, out var head))
        {
            var content = boxes[head.HeadLength..(int)head.Length];
            if (head.Type == path[0])
                return path.Length == 1 ? content : Find(content, path[1..]);
            boxes = boxes[(int)head.Length..];
        }

        return [];
    }

    /// <summary>Makes a box free space of the same length.</summary>
    public static void Free(Span<byte> box, BoxHead head)
    {
        "free"u8.CopyTo(box[4..]);
        box[head.HeadLength..].Clear();
    }

    public static uint Number(ReadOnlySpan<byte> content, int index) => BinaryPrimitives.ReadUInt32BigEndian(content[index..]);
}
