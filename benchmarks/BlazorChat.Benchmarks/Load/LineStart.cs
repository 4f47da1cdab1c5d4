namespace BlazorChat.Benchmarks.Load;

/// <summary>The first bytes of a line that may arrive in pieces: enough for its name and a number. Further bytes are skipped.</summary>
internal sealed class LineStart
{
    private const int MaxLength = 32;

    private readonly byte[] _part = new byte[MaxLength];
    private int _length;

    public bool IsWhole { get; private set; }

    /// <summary>Reads bytes up to the end of the line, or all of them.</summary>
    /// <returns>How many.</returns>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        IsWhole = end >= 0;
        var line = IsWhole ? bytes[..end] : bytes;
        var part = line[..Math.Min(line.Length, MaxLength - _length)];
        part.CopyTo(_part.AsSpan(_length));
        _length += part.Length;
        return IsWhole ? end + 1 : bytes.Length;
    }

    /// <summary>The start of the line that is whole; the next one begins.</summary>
    public ReadOnlySpan<byte> Read()
    {
        var line = _part.AsSpan(0, _length).TrimEnd((byte)'\r');
        _length = 0;
        return line;
    }
}
