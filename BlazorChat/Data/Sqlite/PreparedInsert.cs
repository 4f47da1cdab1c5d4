using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace BlazorChat.Data.Sqlite;

/// <summary>
/// Inserts rows without tracking them, with one prepared statement. The statement is generated from the model, so it includes new columns. Not
/// thread-safe.
/// </summary>
internal sealed class PreparedInsert<TEntity> : IDisposable
    where TEntity : class
{
    private readonly Func<TEntity, object?>[] _values;

    public PreparedInsert(ChatDbContext db)
    {
        var type = db.Model.FindEntityType(typeof(TEntity)) ?? throw new ArgumentException($"{typeof(TEntity)} is not in the model.");
        // The database generates the key.
        var properties = type.GetProperties().Where(property => !property.ValueGenerated.HasFlag(ValueGenerated.OnAdd)).ToArray();
        var columns = string.Join(", ", properties.Select(property => $"\"{property.GetColumnName()}\""));
        _values = [.. properties.Select(Reader)];
        Command = new PreparedCommand(
            (SqliteConnection)db.Database.GetDbConnection(),
            $"INSERT INTO \"{type.GetTableName()}\" ({columns}) VALUES ({string.Join(", ", properties.Select((_, i) => $"@{i}"))})",
            properties.Length);
    }

    public PreparedCommand Command { get; }

    public void Execute(TEntity entity)
    {
        for (var i = 0; i < _values.Length; i++)
            Command[i] = _values[i](entity);
        Command.Execute();
    }

    public void Dispose() => Command.Dispose();

    private static Func<TEntity, object?> Reader(IProperty property)
    {
        var getter = property.GetGetter();
        return property.GetTypeMapping().Converter is { } converter
            ? entity => converter.ConvertToProvider(getter.GetClrValue(entity))
            : entity => getter.GetClrValue(entity);
    }
}
