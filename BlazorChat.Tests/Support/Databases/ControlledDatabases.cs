using System.Threading.Channels;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>Databases whose answers a test holds back, or that fail as often as it says.</summary>
internal sealed class ControlledDatabases(IDbContextFactory<ChatDbContext> inner) : IDbContextFactory<ChatDbContext>
{
    private readonly Channel<TaskCompletionSource> _held = Channel.CreateUnbounded<TaskCompletionSource>();
    private int _failures;

    /// <summary>Whether who asks from now on waits.</summary>
    public bool IsHolding { get; set; }

    /// <summary>The next times that somebody asks fail.</summary>
    public void Fail(int times = 1) => _failures = times;

    /// <summary>The next one that waits; completing it lets it go on.</summary>
    public ValueTask<TaskCompletionSource> NextAsync() => _held.Reader.ReadAsync();

    public ChatDbContext CreateDbContext() => throw new NotSupportedException("A page must not block.");

    public async Task<ChatDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
    {
        if (_failures > 0)
        {
            _failures--;
            throw new InvalidOperationException("The database is away.");
        }

        if (IsHolding)
        {
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _held.Writer.TryWrite(held);
            // As a database that is too busy to notice that nobody waits any more.
            await held.Task;
        }

        return await inner.CreateDbContextAsync(CancellationToken.None);
    }
}
