using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>Records the commands of one asynchronous flow on any database of the tests; what other flows do meanwhile is left out.</summary>
/// <example>
/// <code>
/// var commands = await FlowCommands.OfAsync(() => site.Rooms.GetAsync(ada, roomId, default));
/// </code>
/// </example>
internal sealed class FlowCommands : DbCommandInterceptor
{
    internal static readonly FlowCommands Instance = new();

    private static readonly AsyncLocal<List<string>?> Current = new();

    private FlowCommands()
    {
    }

    /// <summary>Runs an action and returns the texts of its commands, in their order.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(Func<Task> action)
    {
        var commands = Current.Value = [];
        try
        {
            await action();
        }
        finally
        {
            Current.Value = null;
        }

        return commands;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        Record(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        Record(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        Record(command, result);

    private static ValueTask<T> Record<T>(DbCommand command, T result)
    {
        Current.Value?.Add(command.CommandText);
        return ValueTask.FromResult(result);
    }
}
