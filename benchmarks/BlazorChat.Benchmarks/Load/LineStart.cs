namespace BlazorChat.Benchmarks.Load;

/// <summary>The first bytes of a line that may arrive in pieces: enough for its name and a number. Further bytes are skipped.</summary>
internal sealed class LineStart
{
    private const int MaxLength = 32;

    private readonly byte[] _kept = new byte[MaxLength];
    private int _length;

    public bool IsWhole { get; private set; }

    /// <summary>Reads bytes up to the end of the line, or all of them.</summary>
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
