using System.Threading.Channels;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>
/// A factory of contexts whose answers a test holds back or lets fail. The test passes it to one service of a page. Not thread-safe.
/// </summary>
internal sealed class ControlledDatabases(IDbContextFactory<ChatDbContext> inner) : IDbContextFactory<ChatDbContext>
{
    private readonly Channel<TaskCompletionSource> _held = Channel.CreateUnbounded<TaskCompletionSource>();
    private int _failures;

    /// <summary>Whether requests from now on wait until the test completes them.</summary>
    public bool IsHolding { get; set; }

    /// <summary>Lets the next requests fail.</summary>
    /// <param name="times">The number of requests.</param>
    public void Fail(int times = 1) => _failures = times;

    /// <summary>Waits for the next request that waits. Completing the result lets the request continue.</summary>
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
            // Like a busy database, this does not observe the cancellation.
            await held.Task;
        }

        return await inner.CreateDbContextAsync(CancellationToken.None);
    }
}
