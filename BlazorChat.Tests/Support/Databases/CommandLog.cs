using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>Records the commands of a context, with the values of their parameters. Not thread-safe.</summary>
internal sealed class CommandLog : DbCommandInterceptor
{
    private readonly List<(string Sql, object?[] Values, int Timeout, bool IsInTransaction)> _commands = [];

    public IReadOnlyList<(string Sql, object?[] Values, int Timeout, bool IsInTransaction)> Commands => _commands;

    public void Clear() => _commands.Clear();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Record(command, result));

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Record(command, result));

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Record(command, result));

    private T Record<T>(DbCommand command, T result)
    {
        _commands.Add((command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(parameter => parameter.Value)], command.CommandTimeout, command.Transaction is not null));
        return result;
    }
}
