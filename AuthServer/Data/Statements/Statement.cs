using System.Data;

namespace AuthServer.Data.Statements;

/// <summary>A statement with its values, in the order of <c>$1</c>, <c>$2</c> …; every kind of database takes the same text.</summary>
internal sealed record Statement(string Sql, params IReadOnlyList<Value> Values);

/// <summary>A value of a statement; its type is known even when there is none.</summary>
internal readonly record struct Value(object? Content, DbType Type)
{
    public static implicit operator Value(string? text) => new(text, DbType.String);

    public static implicit operator Value(DateTime? instant) => new(instant, DbType.DateTime);

    public static implicit operator Value(Guid? id) => new(id, DbType.Guid);

    public static implicit operator Value(byte[]? bytes) => new(bytes, DbType.Binary);

    public static implicit operator Value(bool flag) => new(flag, DbType.Boolean);

    public static implicit operator Value(long number) => new(number, DbType.Int64);

    public static implicit operator Value(int number) => new(number, DbType.Int32);
}
