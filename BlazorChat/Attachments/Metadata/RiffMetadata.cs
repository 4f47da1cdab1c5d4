using System.Buffers.Binary;
using System.Text;

namespace BlazorChat.Attachments.Metadata;

/// <summary>
/// Removes from AVI and WAV everything but pictures and sound: names, times, locations, devices. It works in place: a
/// chunk that is not needed becomes one of padding of the same length. Only chunks that are known to be needed stay.
/// </summary>
internal static class RiffMetadata
{
    private const int HeadLength = 8;
    private const int HeadOfListLength = 12;

    /// <summary>Lists of chunks that are looked at one by one.</summary>
    private static readonly HashSet<string> Entered = ["RIFF AVI ", "RIFF AVIX", "RIFF WAVE", "LIST hdrl", "LIST strl", "LIST odml"];

    private static readonly HashSet<string> Kept = ["avih", "strh", "strf", "indx", "vprp", "dmlh", "idx1", "LIST movi", "fmt ", "fact", "data"];

    /// <summary>Streams of pictures and sound. Others may have the positions of the camera.</summary>
    private static readonly HashSet<string> KeptStreams = ["vids", "auds"];

    /// <summary>Changes the file.</summary>
    /// <returns>False when it is not understood; it must not be shown to others then.</returns>
    public static bool TryRemove(Stream file)
    {
        var parts = 0;
        var head = new byte[HeadOfListLength];
        for (long position = 0; position < file.Length;)
        {
            file.Position = position;
            var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (++parts > InPlace.MaxParts)
                return false;
            if (read < HeadLength)
            {
                // A few bytes after the last chunk, which no player reads.
                InPlace.Erase(file, new FileRange(position, read));
                break;
            }

            var type = Encoding.Latin1.GetString(head, 0, 4);
            if (type is "RIFF" or "LIST")
                type = $"{type} {Encoding.Latin1.GetString(head, HeadLength, 4)}";
            if (Entered.Contains(type))
            {
                position += HeadOfListLength;
                continue;
            }

            if (type == "strh" && !KeptStreams.Contains(Encoding.Latin1.GetString(head, HeadLength, 4)))
                return false;
            // A recording that broke off ends early.
            var length = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)), file.Length - position - HeadLength);
            if (!Kept.Contains(type))
            {
                InPlace.Write(file, position, "JUNK"u8);
                InPlace.Erase(file, new FileRange(position + HeadLength, length));
            }

            position += HeadLength + length + (length & 1);
        }

        file.Flush();
        return parts > 0;
    }
}
