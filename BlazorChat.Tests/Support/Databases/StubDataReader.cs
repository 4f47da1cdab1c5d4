using System.Collections;
using System.Data.Common;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>A reader of rows in which every column has a value of any type that is read.</summary>
internal sealed class StubDataReader(int rows) : DbDataReader
{
    private int _left = rows;

    public override int FieldCount => 32;

    public override int RecordsAffected => 1;

    public override bool HasRows => _left > 0;

    public override bool IsClosed => false;

    public override int Depth => 0;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(0);

    public override bool Read() => _left-- > 0;

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => false;

    public override bool GetBoolean(int ordinal) => false;

    public override byte GetByte(int ordinal) => 1;

    public override short GetInt16(int ordinal) => 1;

    public override int GetInt32(int ordinal) => 1;

    public override long GetInt64(int ordinal) => 1;

    public override float GetFloat(int ordinal) => 1;

    public override double GetDouble(int ordinal) => 1;

    public override decimal GetDecimal(int ordinal) => 1;

    public override char GetChar(int ordinal) => 'x';

    public override string GetString(int ordinal) => "x";

    public override Guid GetGuid(int ordinal) => Guid.Empty;

    public override DateTime GetDateTime(int ordinal) => DateTime.UnixEpoch;

    public override object GetValue(int ordinal) => 1;

    public override int GetValues(object[] values) => 0;

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => 0;

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => 0;

    public override string GetDataTypeName(int ordinal) => "int";

    public override Type GetFieldType(int ordinal) => typeof(int);

    public override string GetName(int ordinal) => $"column{ordinal}";

    public override int GetOrdinal(string name) => 0;

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);
}
