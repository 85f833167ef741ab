using System.Collections.Concurrent;
using System.Data.Common;
using AuthServer.Data.Statements;

namespace AuthServer.Data.Sqlite;

/// <summary>Reads on connections that are kept, as many as ever read at once; writes through the <see cref="GroupedWriter"/>.</summary>
internal sealed class SqliteStatements(SqliteDatabase database, GroupedWriter writer)
    : IStatements,
        IDisposable
{
    private readonly ConcurrentBag<KeptConnection> _idle = [];

    // One instance has one clock.
    public string Clock(string ours) => ours;

    // Who writes holds everything.
    public string Hold => "";

    // From the file or the memory of this process: there is nothing to wait for.
    public Task<T?> FirstAsync<T>(
        Statement question,
        Func<DbDataReader, T> read,
        CancellationToken cancellation
    )
        where T : class => Task.FromResult(Ask(question, reader => reader.Read() ? read(reader) : null));

    public Task<List<T>> AllAsync<T>(
        Statement question,
        Func<DbDataReader, T> read,
        CancellationToken cancellation
    ) =>
        Task.FromResult(
            Ask(
                question,
                reader =>
                {
                    List<T> rows = [];
                    while (reader.Read())
                    {
                        rows.Add(read(reader));
                    }

                    return rows;
                }
            )
        );

    public Task<int> WriteAsync(IReadOnlyList<Statement> unit, CancellationToken cancellation) =>
        writer.WriteAsync(unit);

    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private T Ask<T>(Statement question, Func<DbDataReader, T> take)
    {
        var connection = _idle.TryTake(out var idle) ? idle : new KeptConnection(database.ConnectionString);
        try
        {
            using var reader = connection.Command(question).ExecuteReader();
            return take(reader);
        }
        finally
        {
            _idle.Add(connection);
        }
    }
}
