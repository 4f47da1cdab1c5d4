using System.Buffers.Binary;
using System.Text;

namespace BlazorChat.Attachments.Files;

/// <summary>The header of a box (ISO/IEC 14496-12, 4.2).</summary>
/// <param name="Length">Bytes of the whole box.</param>
internal readonly record struct BoxHead(string Type, int HeadLength, long Length)
{
    public const int MaxHeadLength = 16;

    private const int ShortHeadLength = 8;

    /// <param name="head">At least 16 bytes where the box has as many.</param>
    /// <param name="available">Bytes from its beginning to the end of what it is in.</param>
    /// <returns>False when it does not fit there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> head, long available, out BoxHead box)
    {
        box = default;
        if (head.Length < ShortHeadLength)
            return false;
        long length = BinaryPrimitives.ReadUInt32BigEndian(head);
        var headLength = ShortHeadLength;
        if (length == 0)
        {
            length = available;
        }
        else if (length == 1)
        {
            if (head.Length < MaxHeadLength)
                return false;
            headLength = MaxHeadLength;
            length = BinaryPrimitives.ReadInt64BigEndian(head[ShortHeadLength..]);
        }

        box = new BoxHead(Encoding.Latin1.GetString(head[4..8]), headLength, length);
        return length >= headLength && length <= available;
    }
}
