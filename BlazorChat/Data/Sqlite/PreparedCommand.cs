using System.Data;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace BlazorChat.Data.Sqlite;

/// <summary>A SQL statement that is compiled once, for as long as its connection is open. Not thread-safe.</summary>
internal sealed class PreparedCommand : IDisposable
{
    private readonly SqliteCommand _command;

    /// <summary>Creates the command; its first execution compiles it.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="sql">A statement with parameters <c>@0</c>, <c>@1</c> and so on.</param>
    /// <param name="parameters">The number of parameters.</param>
    public PreparedCommand(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
            _command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"@{i}"), null));
    }

    /// <summary>Sets the transaction of the next execution.</summary>
    public SqliteTransaction Transaction
    {
        set => _command.Transaction = value;
    }

    /// <summary>Sets the value of a parameter.</summary>
    /// <param name="index">The number of the parameter, from 0.</param>
    public object? this[int index]
    {
        set => _command.Parameters[index].Value = value ?? DBNull.Value;
    }

    /// <summary>Executes a statement with the values of its first parameters.</summary>
    public void Execute(params ReadOnlySpan<object> values)
    {
        Set(values);
        _command.ExecuteNonQuery();
    }

    /// <summary>Executes a query with the values of its parameters. Dispose the result before the next execution.</summary>
    public SqliteDataReader Read(params ReadOnlySpan<object> values)
    {
        Set(values);
        return _command.ExecuteReader(CommandBehavior.Default);
    }

    public void Dispose() => _command.Dispose();

    private void Set(ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            this[i] = values[i];
    }
}
