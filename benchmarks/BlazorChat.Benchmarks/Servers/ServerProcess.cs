using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace BlazorChat.Benchmarks.Servers;

/// <summary>What a server's process holds, when its heap has been collected.</summary>
/// <param name="Managed">Bytes that are alive on the heap; null for a process that is not .NET.</param>
internal sealed record MemorySample(long Resident, long? Managed);

/// <summary>A server under measurement: a process of its own on loopback, which ends with this object, by its id.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Mark = "Now listening on: ";
    private const int KeptLines = 200;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Queue<string> _log = [];
    private readonly string _gauge = Path.Combine(Path.GetTempPath(), $"gauge-{Guid.NewGuid():N}");
    private Process _process = default!;

    private ServerProcess()
    {
    }

    public Uri Address { get; private set; } = default!;

    /// <summary>Starts a .NET program on a free port and returns when it has printed its address.</summary>
    /// <param name="program">Path of its assembly.</param>
    /// <param name="arguments">As on the command line, <c>--urls</c> excepted.</param>
    /// <exception cref="InvalidOperationException">It ended before, or did not within a minute; the message has its log.</exception>
    public static async Task<ServerProcess> StartAsync(string program, params string[] arguments)
    {
        var server = new ServerProcess();
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", .. arguments]) { WorkingDirectory = Path.GetDirectoryName(program) };
        start.Environment["DOTNET_STARTUP_HOOKS"] = Built.Gauge;
        start.Environment["BENCHMARK_GAUGE"] = server._gauge;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        server.Address = new Uri(await server.RunAsync(start, Mark) + "/");
        return server;
    }

    /// <summary>Starts any other program and returns when it has printed that it listens.</summary>
    /// <param name="mark">The line that it prints when it is ready.</param>
    /// <inheritdoc cref="StartAsync(string, string[])"/>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start, Uri address, string mark)
    {
        var server = new ServerProcess { Address = address };
        await server.RunAsync(start, mark);
        return server;
    }

    /// <summary>Microseconds of processor time so far, in and out of the kernel; to 10 ms.</summary>
    public double CpuMicroseconds => ProcessorTime.MicrosecondsOf(_process.Id);

    /// <summary>What the process holds now.</summary>
    public long ResidentBytes
    {
        get
        {
            var resident = File.ReadLines($"/proc/{_process.Id}/smaps_rollup").First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
            return long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Has the heap collected and reads what the process holds then.</summary>
    public async Task<MemorySample> MeasureMemoryAsync(CancellationToken cancellationToken)
    {
        long? managed = File.Exists(_gauge) ? await AskGaugeAsync(cancellationToken) : null;
        return new MemorySample(ResidentBytes, managed);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(Timeout);
        }

        _process.Dispose();
        File.Delete(_gauge);
    }

    private async Task<long> AskGaugeAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_gauge), cancellationToken);
        var answer = new byte[32];
        var length = await socket.ReceiveAsync(answer, cancellationToken);
        return long.Parse(Encoding.ASCII.GetString(answer, 0, length), CultureInfo.InvariantCulture);
    }

    /// <returns>What stands behind the mark on the line that has it.</returns>
    private async Task<string> RunAsync(ProcessStartInfo start, string mark)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        var printed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = CollectAsync(_process.StandardOutput, mark, printed);
        _ = CollectAsync(_process.StandardError, mark, printed);
        try
        {
            return await printed.Task.WaitAsync(Timeout);
        }
        catch (Exception exception) when (exception is TimeoutException or EndOfStreamException)
        {
            await DisposeAsync();
            lock (_log)
                throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not start:\n{string.Join('\n', _log)}", exception);
        }
    }

    private async Task CollectAsync(StreamReader output, string mark, TaskCompletionSource<string> printed)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.Enqueue(line);
                if (_log.Count > KeptLines)
                    _log.Dequeue();
            }

            if (line.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0)
                printed.TrySetResult(line[(at + mark.Length)..].Trim());
        }

        if (_process.WaitForExit(TimeSpan.FromSeconds(1)))
            printed.TrySetException(new EndOfStreamException());
    }
}
