using System.Buffers.Binary;
using System.Text;

namespace BlazorChat.Tests.Support.Files;

/// <summary>
/// Creates videos and pictures of ISO base media boxes (MP4, MOV, HEIC), as telephones write them, with a secret wherever the format can hold text.
/// </summary>
internal static class TestBoxes
{
    /// <summary>The bytes that replace compressed video.</summary>
    public static byte[] Video { get; } = Encoding.ASCII.GetBytes("compressed video");

    public static byte[] Sound { get; } = Encoding.ASCII.GetBytes("compressed sound");

    /// <summary>A video with position and camera in its boxes, in those of a track, and in a track of their own.</summary>
    /// <param name="brand"><c>isom</c>, <c>qt  </c>, <c>M4A </c>; empty for old QuickTime, which begins without a brand.</param>
    /// <param name="sensorsAt">The offset that the third track claims; null for its real offset.</param>
    public static byte[] Movie(string secret, string brand = "isom", string sensorHandler = "meta", uint? sensorsAt = null)
    {
        var sensors = Text(secret);
        byte[] head = brand.Length == 0 ? Box("wide") : [.. Box("ftyp", Text(brand), Number(0), Text("isom")), .. Box("free", Text(secret))];
        byte[] data = [.. Video, .. sensors, .. Sound];
        var start = (uint)head.Length + 8;
        return
        [
            .. head,
            .. Box("mdat", data),
            .. Box("moov",
                Box("mvhd", new byte[4], Number(3_900_000_000), Number(3_900_000_000), new byte[88]),
                Track("vide", secret, start, Video.Length),
                Track(sensorHandler, secret, sensorsAt ?? start + (uint)Video.Length, sensors.Length),
                Track("soun", secret, start + (uint)(Video.Length + sensors.Length), Sound.Length),
                Box("udta", Box("\u00A9xyz", Text(secret)), new byte[4]),
                Box("meta", Box("keys", Text("com.apple.quicktime.location.ISO6709")), Box("ilst", Text(secret)))),
            .. Box("uuid", new byte[16], Text(secret)),
            .. Box("meta", new byte[4], Box("hdlr", new byte[8], Text("mdta"), new byte[12]), Box("ilst", Text(secret))),
        ];
    }

    /// <summary>A fragmented video: the tables of its tracks are empty.</summary>
    public static byte[] Fragmented(string handler)
    {
        return
        [
            .. Box("ftyp", Text("isom"), Number(0), Text("isom")),
            .. Box("moov", Box("mvhd", new byte[100]), EmptyTrack("vide"), EmptyTrack(handler), Box("mvex", new byte[8])),
            .. Box("moof", Box("mfhd", new byte[8]), Box("traf", Box("tfhd", new byte[8]))),
            .. Box("mdat", Video, Sound),
        ];

        static byte[] EmptyTrack(string handler) => Box("trak",
            Box("tkhd", new byte[84]),
            Box("mdia",
                Box("mdhd", new byte[24]),
                Box("hdlr", new byte[8], Text(handler), new byte[13]),
                Box("minf", Box("stbl", Box("stsd", new byte[8]), Box("stts", new byte[8]), Box("stsc", new byte[8]), Box("stsz", new byte[12]), Box("stco", new byte[8])))));
    }

    /// <summary>A video with a track of sensors whose chunks all refer to the same bytes, nearly the whole file.</summary>
    public static byte[] Repeated(int chunks)
    {
        var size = (uint)chunks * sizeof(uint);
        byte[][] offsets = [new byte[4], Number((uint)chunks), .. Enumerable.Repeat(Number(8), chunks)];
        return
        [
            .. Box("wide"),
            .. Box("moov", Box("mvhd", new byte[100]), Box("trak",
                Box("mdia",
                    Box("hdlr", new byte[8], Text("meta"), new byte[13]),
                    Box("minf", Box("stbl",
                        Box("stsc", new byte[4], Number(1), Number(1), Number(1), Number(1)),
                        Box("stsz", new byte[4], Number(size), Number((uint)chunks)),
                        Box("stco", offsets)))))),
        ];
    }

    /// <summary>A HEIC with EXIF in the data of the file and XMP in the box <c>idat</c>.</summary>
    public static byte[] Heic(string secret, string brand = "heic")
    {
        var (exif, xmp) = (Text($"Exif {secret}"), Text($"<x>{secret}</x>"));
        var head = Box("ftyp", Text(brand), Number(0), Text("mif1"));
        // Offsets have a fixed length, so the box is created twice: first to learn its length.
        var length = Describe(0, 0).Length;
        var start = (uint)(head.Length + length + 8);
        return [.. head, .. Describe(start, start + (uint)Video.Length), .. Box("mdat", Video, exif)];

        byte[] Describe(uint picture, uint words) => Box("meta", new byte[4],
            Box("hdlr", new byte[8], Text("pict"), new byte[13]),
            Box("pitm", new byte[4], Short(1)),
            Box("iinf", new byte[4], Short(3), Entry(1, "hvc1"), Entry(2, "Exif"), Entry(3, "mime")),
            Box("iprp", Box("ipco", Box("ispe", new byte[12]), Box("udes", Text(secret))), Box("ipma", new byte[8])),
            Box("iloc", [1, 0, 0, 0], [0x44, 0], Short(3), Location(1, 0, picture, Video.Length), Location(2, 0, words, exif.Length), Location(3, 1, 0, xmp.Length)),
            Box("idat", xmp),
            Box("xml ", Text(secret)));
    }

    public static byte[] Box(string type, params byte[][] content) =>
        [.. Number((uint)(8 + content.Sum(part => part.Length))), .. Encoding.Latin1.GetBytes(type), .. content.SelectMany(part => part)];

    private static byte[] Track(string handler, string secret, uint start, int length) => Box("trak",
        Box("tkhd", new byte[4], Number(3_900_000_000), Number(3_900_000_000), new byte[72]),
        Box("mdia",
            Box("mdhd", new byte[4], Number(3_900_000_000), Number(3_900_000_000), new byte[12]),
            Box("hdlr", new byte[8], Text(handler), new byte[12], Text(secret), new byte[1]),
            Box("minf",
                Box("stbl",
                    Box("stsd", new byte[8]),
                    Box("stts", new byte[4], Number(1), Number(2), Number(100)),
                    Box("stsc", new byte[4], Number(1), Number(1), Number(1), Number(1)),
                    Box("stsz", new byte[4], Number(0), Number(2), Number(4), Number((uint)length - 4)),
                    Box("stco", new byte[4], Number(2), Number(start), Number(start + 4))))),
        Box("udta", Box("name", Text(secret))));

    private static byte[] Entry(ushort id, string type) => Box("infe", [2, 0, 0, 0], Short(id), Short(0), Text(type), new byte[1]);

    private static byte[] Location(ushort id, ushort method, uint offset, int length) =>
        [.. Short(id), .. Short(method), .. Short(0), .. Short(1), .. Number(offset), .. Number((uint)length)];

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Number(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Short(ushort number) => [(byte)(number >> 8), (byte)number];
}
