using System.Diagnostics.CodeAnalysis;
using AuthServer.Data.Statements;
using Microsoft.Data.Sqlite;

namespace AuthServer.Data.Sqlite;

/// <summary>A connection that keeps what it has prepared; one uses it at a time.</summary>
internal sealed class KeptConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public KeptConnection(string connectionString)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        _connection = new SqliteConnection(settings.ConnectionString);
        _connection.Open();
    }

    /// <summary>The prepared form, with the values in place.</summary>
    public SqliteCommand Command(Statement statement)
    {
        if (!_prepared.TryGetValue(statement.Sql, out var command))
        {
            command = Prepare(statement);
            _prepared.Add(statement.Sql, command);
        }

        for (var i = 0; i < statement.Values.Count; i++)
        {
            command.Parameters[i].Value = statement.Values[i].Content ?? DBNull.Value;
        }

        return command;
    }

    public int Run(Statement statement) => Command(statement).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    [SuppressMessage(
        "Security",
        "CA2100:Review SQL queries for security vulnerabilities",
        Justification = "The texts are constants of ours; what comes from outside is in the values."
    )]
    private SqliteCommand Prepare(Statement statement)
    {
        var command = _connection.CreateCommand();
        command.CommandText = statement.Sql;
        for (var i = 1; i <= statement.Values.Count; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        return command;
    }
}
