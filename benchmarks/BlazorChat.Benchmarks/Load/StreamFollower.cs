using System.Buffers.Text;
using System.Net.Sockets;

namespace BlazorChat.Benchmarks.Load;

/// <summary>
/// A reader of server-sent events over HTTP/1.1: parses the chunks of the response and the lines of its events, and stores nothing of them but
/// their ids.
/// </summary>
/// <param name="received">Called with the id of each event that has data, and the time of its arrival.</param>
internal sealed class StreamFollower(Socket socket, Action<long, long> received) : Receiver(socket)
{
    private readonly LineStart _httpLine = new();
    private readonly LineStart _eventLine = new();
    private Part _part;
    private long _chunkLeft;
    private long _id = -1;
    private long _bytes;
    private bool _hasData;
    private bool _isHeartbeat;

    private enum Part
    {
        Status,
        Headers,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Over,
    }

    /// <summary>The answer's status; 0 before it is here.</summary>
    public int Status { get; private set; }

    /// <summary>Whether something of the body is here, so that the server counts it as a follower.</summary>
    public bool IsFollowing => Bytes > 0;

    /// <summary>Bytes of the body.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public override void Receive(ReadOnlySpan<byte> bytes, long now)
    {
        while (!bytes.IsEmpty && _part != Part.Over)
        {
            var read = _part == Part.Chunk ? ReadChunk(bytes, now) : ReadHttp(bytes);
            bytes = bytes[read..];
        }
    }

    private int ReadChunk(ReadOnlySpan<byte> bytes, long now)
    {
        var read = _eventLine.Add(bytes[..(int)Math.Min(bytes.Length, _chunkLeft)]);
        if (_eventLine.IsWhole)
            ReadEventLine(_eventLine.Read(), now);
        Volatile.Write(ref _bytes, _bytes + read);
        _chunkLeft -= read;
        if (_chunkLeft == 0)
            _part = Part.ChunkEnd;
        return read;
    }

    private int ReadHttp(ReadOnlySpan<byte> bytes)
    {
        var read = _httpLine.Add(bytes);
        if (_httpLine.IsWhole)
            ReadHttpLine(_httpLine.Read());
        return read;
    }

    private void ReadEventLine(ReadOnlySpan<byte> line, long now)
    {
        if (line.StartsWith("data: "u8))
            _hasData = true;
        else if (line.StartsWith("id: "u8))
            _id = Utf8Parser.TryParse(line[4..], out long id, out _) ? id : -1;
        else if (line.StartsWith("event: "u8))
            _isHeartbeat = line.SequenceEqual("event: heartbeat"u8);
        else if (line.IsEmpty)
            CountEvent(now);
    }

    private void CountEvent(long now)
    {
        if (_hasData && !_isHeartbeat)
            received(_id, now);
        _hasData = _isHeartbeat = false;
    }

    private void ReadHttpLine(ReadOnlySpan<byte> line)
    {
        switch (_part)
        {
            case Part.Status:
                Status = Utf8Parser.TryParse(line["HTTP/1.1 "u8.Length..], out int status, out _) ? status : -1;
                _part = Part.Headers;
                break;
            case Part.Headers when line.IsEmpty:
                _part = Part.ChunkSize;
                break;
            case Part.ChunkSize:
                _part = Utf8Parser.TryParse(line, out _chunkLeft, out _, 'x') && _chunkLeft > 0 ? Part.Chunk : Part.Over;
                break;
            case Part.ChunkEnd:
                _part = Part.ChunkSize;
                break;
        }
    }
}
