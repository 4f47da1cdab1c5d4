using System.Data;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace BlazorChat.Data.Sqlite;

/// <summary>A statement of SQL that is compiled once, for as long as its connection is open.</summary>
internal sealed class PreparedCommand : IDisposable
{
    private readonly SqliteCommand _command;

    /// <param name="sql">With parameters <c>@0</c>, <c>@1</c> and so on.</param>
    /// <param name="parameters">How many there are.</param>
    public PreparedCommand(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
            _command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"@{i}"), null));
    }

    /// <summary>The transaction in which it is executed next.</summary>
    public SqliteTransaction Transaction
    {
        set => _command.Transaction = value;
    }

    /// <param name="index">From 0.</param>
    public object? this[int index]
    {
        set => _command.Parameters[index].Value = value ?? DBNull.Value;
    }

    public void Execute() => _command.ExecuteNonQuery();

    /// <summary>The rows that it finds; to be disposed before it is executed again.</summary>
    public SqliteDataReader Read() => _command.ExecuteReader(CommandBehavior.Default);

    public void Dispose() => _command.Dispose();
}
