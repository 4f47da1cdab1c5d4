using System.Buffers.Binary;
using System.Text;

namespace BlazorChat.Tests.Support.Files;

/// <summary>Creates recordings in Matroska, WebM, AVI and WAV, with a secret wherever the format can hold text.</summary>
internal static class TestRecordings
{
    private static readonly byte[] Codec = Encoding.ASCII.GetBytes("V_VP8");

    /// <summary>The parts that a player needs, and whose offsets must not change.</summary>
    public static IReadOnlyList<byte[]> NeededIn(string format) => format switch
    {
        "AVI " => [TestBoxes.Video, "avih"u8.ToArray(), "strh"u8.ToArray(), "strf"u8.ToArray(), "idx1"u8.ToArray()],
        "WAVE" => [TestBoxes.Video, "fmt "u8.ToArray(), "data"u8.ToArray()],
        _ => [TestBoxes.Video, Codec, [0x2A, 0xD7, 0xB1], [0x1C, 0x53, 0xBB, 0x6B]],
    };

    /// <param name="isSentWhileItIsMade">Whether the lengths of its segment and its cluster are unknown, as in recordings of a browser.</param>
    public static byte[] Matroska(string secret, string format, bool isSentWhileItIsMade, byte trackType = 1)
    {
        var words = Encoding.ASCII.GetBytes(secret);
        byte[] segment =
        [
            .. Element([0x15, 0x49, 0xA9, 0x66],
                Element([0x2A, 0xD7, 0xB1], [0x0F, 0x42, 0x40]), Element([0x7B, 0xA9], words), Element([0x44, 0x61], new byte[8]), Element([0x4D, 0x80], words), Element([0x57, 0x41], words)),
            .. Element([0xEC], words),
            .. Element([0x16, 0x54, 0xAE, 0x6B], Element([0xAE], Element([0xD7], [1]), Element([0x83], [trackType]), Element([0x53, 0x6E], words), Element([0x86], Codec))),
            .. Element([0x1C, 0x53, 0xBB, 0x6B], new byte[4]),
            .. Element([0x1F, 0x43, 0xB6, 0x75], isSentWhileItIsMade, Element([0xE7], [0]), Element([0xA3], TestBoxes.Video)),
            .. Element([0x19, 0x41, 0xA4, 0x69], words),
            .. Element([0x12, 0x54, 0xC3, 0x67], words),
        ];
        return [.. Element([0x1A, 0x45, 0xDF, 0xA3], Element([0x42, 0x82], Encoding.ASCII.GetBytes(format))), .. Element([0x18, 0x53, 0x80, 0x67], isSentWhileItIsMade, segment)];
    }

    public static byte[] Riff(string secret, string form, string stream = "vids")
    {
        var words = Encoding.ASCII.GetBytes(secret);
        byte[] content = form == "WAVE"
            ? [.. Chunk("fmt ", new byte[16]), .. Chunk("bext", words), .. Chunk("data", TestBoxes.Video)]
            :
            [
                .. Chunk("LIST", "hdrl"u8.ToArray(), Chunk("avih", new byte[56]), Chunk("IDIT", words),
                    Chunk("LIST", "strl"u8.ToArray(), Chunk("strh", Encoding.ASCII.GetBytes(stream), new byte[52]), Chunk("strf", new byte[40]), Chunk("strd", words), Chunk("strn", words))),
                .. Chunk("JUNK", words),
                .. Chunk("LIST", "movi"u8.ToArray(), Chunk("00dc", TestBoxes.Video)),
                .. Chunk("idx1", new byte[16]),
            ];
        return Chunk("RIFF", Encoding.ASCII.GetBytes(form), content, Chunk("LIST", "INFO"u8.ToArray(), Chunk("ISFT", words)), new byte[3]);
    }

    private static byte[] Element(byte[] id, params byte[][] content) => Element(id, hasUnknownLength: false, content);

    private static byte[] Element(byte[] id, bool hasUnknownLength, params byte[][] content)
    {
        var length = content.Sum(part => part.Length);
        byte[] size = hasUnknownLength ? [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] : length < 127 ? [(byte)(0x80 | length)] : [(byte)(0x40 | (length >> 8)), (byte)length];
        return [.. id, .. size, .. content.SelectMany(part => part)];
    }

    private static byte[] Chunk(string type, params byte[][] content)
    {
        var head = new byte[8];
        Encoding.ASCII.GetBytes(type, head);
        var length = content.Sum(part => part.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), length);
        return [.. head, .. content.SelectMany(part => part), .. new byte[length & 1]];
    }
}
