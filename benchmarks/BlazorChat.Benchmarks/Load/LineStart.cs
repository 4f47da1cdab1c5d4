namespace BlazorChat.Benchmarks.Load;

/// <summary>The first bytes of a line that may come in pieces: enough to tell what it is, and for a number. The rest is skipped.</summary>
internal sealed class LineStart
{
    private const int MaxLength = 32;

    private readonly byte[] _kept = new byte[MaxLength];
    private int _length;

    public bool IsWhole { get; private set; }

    /// <summary>Takes bytes up to the line's end, if that is among them.</summary>
    /// <returns>How many.</returns>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        IsWhole = end >= 0;
        var line = IsWhole ? bytes[..end] : bytes;
        var kept = line[..Math.Min(line.Length, MaxLength - _length)];
        kept.CopyTo(_kept.AsSpan(_length));
        _length += kept.Length;
        return IsWhole ? end + 1 : bytes.Length;
    }

    /// <summary>The start of the line that is whole; the next one begins.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var line = _kept.AsSpan(0, _length).TrimEnd((byte)'\r');
        _length = 0;
        return line;
    }
}
