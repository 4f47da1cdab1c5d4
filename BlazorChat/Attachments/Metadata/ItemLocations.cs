namespace BlazorChat.Attachments.Metadata;

/// <summary>The box <c>iloc</c>: where the bytes of each item stand (ISO/IEC 14496-12, 8.11.3).</summary>
internal sealed class ItemLocations(byte[] content)
{
    private const int InFile = 0;
    private const int InData = 1;

    private int _at;

    /// <param name="isWanted">Whether an item's bytes are to be found.</param>
    /// <param name="data">Where the content of <c>idat</c> stands in the file; negative when there is none.</param>
    /// <returns>False when it is not understood.</returns>
    public bool TryFind(Func<uint, bool> isWanted, long data, ErasedContent ranges)
    {
        try
        {
            return TryRead(isWanted, data, ranges);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            return false;
        }
    }

    private bool TryRead(Func<uint, bool> isWanted, long data, ErasedContent ranges)
    {
        var version = (int)Read(1);
        if (version > 2)
            return false;
        Read(3);
        var sizes = (int)Read(2);
        var (offsetSize, lengthSize, baseSize, indexSize) = (sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version == 0 ? 0 : sizes & 15);
        for (var left = Read(version < 2 ? 2 : 4); left > 0; left--)
        {
            var id = (uint)Read(version < 2 ? 2 : 4);
            var method = version == 0 ? InFile : (int)Read(2) & 15;
            var isElsewhere = Read(2) != 0;
            var start = Read(baseSize);
            var extents = Read(2);
            if (extents > 1 && offsetSize + lengthSize + indexSize == 0)
                return false;
            for (var extent = 0; extent < extents; extent++)
            {
                Read(indexSize);
                var offset = checked(start + Read(offsetSize));
                var length = Read(lengthSize);
                if (isElsewhere || !isWanted(id))
                    continue;
                // No length is everything, which other items are in.
                if (length == 0 || method is not (InFile or InData) || (method == InData && data < 0))
                    return false;
                if (!ranges.TryAdd(method == InFile ? offset : checked(data + offset), length))
                    return false;
            }
        }

        return true;
    }

    /// <summary>A number of some bytes; 0 for one of none.</summary>
    private long Read(int size)
    {
        if (size > sizeof(long))
            throw new OverflowException();
        long value = 0;
        foreach (var digit in content.AsSpan(_at, size))
            value = (value << 8) | digit;
        _at += size;
        return value < 0 ? throw new OverflowException() : value;
    }
}
