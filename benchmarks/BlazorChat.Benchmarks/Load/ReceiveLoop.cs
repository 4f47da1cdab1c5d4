using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BlazorChat.Benchmarks.Load;

/// <summary>One connection of the load: reads what its socket has received.</summary>
internal abstract class Receiver(Socket socket)
{
    public Socket Socket { get; } = socket;

    public bool IsClosed { get; private set; }

    /// <summary>Called on the loop's thread only.</summary>
    /// <param name="now">A <see cref="Stopwatch"/> timestamp of the moment the bytes were here.</param>
    public abstract void Receive(ReadOnlySpan<byte> bytes, long now);

    /// <summary>The other side has ended the connection.</summary>
    public void Close() => IsClosed = true;
}

/// <summary>
/// Reads from thousands of sockets by one thread and Linux's epoll, without a task or a buffer per socket, so that the load costs the
/// measured servers as little of the shared processors as can be.
/// </summary>
internal sealed partial class ReceiveLoop : IDisposable
{
    private const int BufferLength = 256 * 1024;
    private const int MaxEvents = 512;
    private const int Wait = 50;
    private const int Add = 1;
    private const int Modify = 3;
    private const uint In = 1;
    private const int WouldBlock = 11;
    private const int Interrupted = 4;

    // struct epoll_event is packed on x64 only.
    private static readonly int EventLength = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventLength - 8;

    private readonly List<Receiver> _receivers = [];
    private readonly Lock _gate = new();
    private readonly int _epoll;
    private readonly Thread _thread;
    private volatile bool _isOver;

    public ReceiveLoop()
    {
        _epoll = Check(Create(0));
        _thread = new Thread(Run) { IsBackground = true, Name = "receive" };
        _thread.Start();
    }

    public void Start(Receiver receiver)
    {
        receiver.Socket.Blocking = false;
        int index;
        lock (_gate)
        {
            index = _receivers.Count;
            _receivers.Add(receiver);
        }

        Watch(Add, receiver, index, In);
    }

    /// <summary>Reads nothing more from a connection, and only sees when it is cut.</summary>
    public void Stall(Receiver receiver)
    {
        int index;
        lock (_gate)
            index = _receivers.IndexOf(receiver);
        Watch(Modify, receiver, index, 0);
    }

    /// <summary>Ends the thread, then the connections.</summary>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        foreach (var receiver in _receivers)
            receiver.Socket.Dispose();
        _ = Close(_epoll);
    }

    private void Run()
    {
        var events = new byte[MaxEvents * EventLength];
        var buffer = new byte[BufferLength];
        while (!_isOver)
        {
            var count = WaitFor(_epoll, ref events[0], MaxEvents, Wait);
            for (var i = 0; i < count; i++)
            {
                var one = events.AsSpan(i * EventLength, EventLength);
                Receiver receiver;
                lock (_gate)
                    receiver = _receivers[(int)BinaryPrimitives.ReadInt64LittleEndian(one[DataOffset..])];
                if ((BinaryPrimitives.ReadUInt32LittleEndian(one) & In) != 0)
                    ReceiveFrom(receiver, buffer);
                else
                    End(receiver);
            }
        }
    }

    private void Watch(int operation, Receiver receiver, int index, uint events)
    {
        Span<byte> interest = stackalloc byte[EventLength];
        BinaryPrimitives.WriteUInt32LittleEndian(interest, events);
        BinaryPrimitives.WriteInt64LittleEndian(interest[DataOffset..], index);
        Check(Control(_epoll, operation, Descriptor(receiver), ref interest[0]));
    }

    private static void ReceiveFrom(Receiver receiver, byte[] buffer)
    {
        if (receiver.IsClosed)
            return;
        var length = (int)Receive(Descriptor(receiver), ref buffer[0], buffer.Length, 0);
        if (length > 0)
            receiver.Receive(buffer.AsSpan(0, length), Stopwatch.GetTimestamp());
        else if (length == 0 || Marshal.GetLastPInvokeError() is not (WouldBlock or Interrupted))
            receiver.Close();
        if (receiver.IsClosed)
            End(receiver);
    }

    /// <summary>Removes it from the epoll set, too, which would otherwise report it forever.</summary>
    private static void End(Receiver receiver)
    {
        receiver.Close();
        receiver.Socket.Dispose();
    }

    private static int Descriptor(Receiver receiver) => (int)receiver.Socket.Handle;

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, ref byte interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int WaitFor(int epoll, ref byte events, int maxEvents, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int descriptor, ref byte buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
