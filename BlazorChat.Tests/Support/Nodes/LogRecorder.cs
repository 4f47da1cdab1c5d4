using System.Collections.Concurrent;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>Stores what the services of a test log, from a level on. Thread-safe.</summary>
/// <example><code>services.AddSingleton&lt;ILoggerProvider&gt;(recorder);</code></example>
internal sealed class LogRecorder(LogLevel level = LogLevel.Information) : ILoggerProvider
{
    private readonly LogLevel _level = level;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _logged = new(0);

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits for a line that contains a text, also one that was logged before, and returns it.</summary>
    /// <exception cref="OperationCanceledException">No such line was logged within <see cref="TestWait.Limit"/>.</exception>
    public async Task<string> WaitForAsync(string text)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (true)
        {
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                return found;
            await _logged.WaitAsync(timeout.Token);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Recording(this);

    public void Dispose()
    {
    }

    private sealed class Recording(LogRecorder recorder) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= recorder._level;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            recorder._lines.Enqueue(formatter(state, exception));
            recorder._logged.Release();
        }
    }
}
