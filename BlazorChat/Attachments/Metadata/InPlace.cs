using System.Buffers;

namespace BlazorChat.Attachments.Metadata;

/// <summary>Overwrites parts of a file where they stand.</summary>
internal static class InPlace
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Parts that a file may have: each costs some reads and writes, however short it is.</summary>
    public const int MaxParts = 1_000_000;

    public static void Write(Stream file, long position, ReadOnlySpan<byte> bytes)
    {
        file.Position = position;
        file.Write(bytes);
    }

    public static void Erase(Stream file, FileRange range)
    {
        if (range.Length == 0)
            return;
        var nothing = ArrayPool<byte>.Shared.Rent(BufferSize);
        Array.Clear(nothing);
        file.Position = range.Start;
        for (var left = range.Length; left > 0; left -= BufferSize)
            file.Write(nothing, 0, (int)Math.Min(BufferSize, left));
        ArrayPool<byte>.Shared.Return(nothing);
    }
}
