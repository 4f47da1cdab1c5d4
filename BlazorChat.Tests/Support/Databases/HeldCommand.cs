using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>Holds the first query whose SQL contains a text, until the test releases it.</summary>
internal sealed class HeldCommand(string part) : DbCommandInterceptor
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Begun => _begun.Task;

    public void Release() => _released.TrySetResult();

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (command.CommandText.Contains(part, StringComparison.Ordinal))
        {
            _begun.TrySetResult();
            await _released.Task.WaitAsync(TestWait.Limit, cancellationToken);
        }

        return result;
    }
}
