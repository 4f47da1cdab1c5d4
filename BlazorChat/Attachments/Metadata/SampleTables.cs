using System.Buffers.Binary;
using BlazorChat.Attachments.Files;

namespace BlazorChat.Attachments.Metadata;

/// <summary>Where in the file the content of a track stands: in chunks of samples (ISO/IEC 14496-12, 8.7).</summary>
internal static class SampleTables
{
    private const int Version = 4;

    /// <returns>False when the tables do not contain it.</returns>
    public static bool TryFind(Span<byte> track, ErasedContent chunks)
    {
        var table = Boxes.Find(track, "mdia", "minf", "stbl");
        ReadOnlySpan<byte> sizes = Boxes.Find(table, "stsz");
        ReadOnlySpan<byte> runs = Boxes.Find(table, "stsc");
        ReadOnlySpan<byte> offsets = Boxes.Find(table, "stco");
        ReadOnlySpan<byte> longOffsets = Boxes.Find(table, "co64");
        var isLong = offsets.IsEmpty;
        if (isLong)
            offsets = longOffsets;
        if (!TryReadTable(offsets, Version, isLong ? sizeof(long) : sizeof(uint), out var chunkCount) || !TryReadTable(runs, Version, 12, out var runCount))
            return false;
        if (sizes.Length < Version + 8)
            return false;
        var sameSize = Boxes.Number(sizes, Version);
        var sampleCount = Boxes.Number(sizes, Version + 4);
        if (sameSize == 0 && !TryReadTable(sizes, Version + 4, sizeof(uint), out _))
            return false;
        long sample = 0;
        for (int chunk = 0, run = 0; chunk < chunkCount && sample < sampleCount; chunk++)
        {
            while (run + 1 < runCount && Boxes.Number(runs, Version + 4 + (12 * (run + 1))) <= chunk + 1)
                run++;
            if (runCount == 0)
                return false;
            var samples = Math.Min(Boxes.Number(runs, Version + 8 + (12 * run)), sampleCount - sample);
            long length = 0;
            if (sameSize != 0)
                length = sameSize * samples;
            else
            {
                for (var i = 0; i < samples; i++)
                    length += Boxes.Number(sizes, Version + 8 + (int)(4 * (sample + i)));
            }

            sample += samples;
            var start = isLong ? BinaryPrimitives.ReadInt64BigEndian(offsets[(Version + 4 + (8 * chunk))..]) : Boxes.Number(offsets, Version + 4 + (4 * chunk));
            if (!chunks.TryAdd(start, length))
                return false;
        }

        return sample == sampleCount;
    }

    /// <summary>Reads how many rows a table has, and sees that they are there.</summary>
    private static bool TryReadTable(ReadOnlySpan<byte> table, int at, int rowLength, out int count)
    {
        count = 0;
        if (table.Length < at + 4)
            return false;
        var rows = Boxes.Number(table, at);
        if (rows > (table.Length - at - 4) / rowLength)
            return false;
        count = (int)rows;
        return true;
    }
}
