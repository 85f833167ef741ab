using System.Collections.Concurrent;
using AuthServer.Data.Statements;
using Microsoft.Data.Sqlite;

namespace AuthServer.Data.Sqlite;

/// <summary>
/// Commits what waits to be written together: the disk takes as long for sixty requests as for one. Nobody is answered
/// before the commit that holds their own.
/// </summary>
internal sealed class GroupedWriter(SqliteDatabase database, OneWriter turn) : IDisposable
{
    private const int LargestGroup = 256;
    private static readonly Statement Begin = new("BEGIN IMMEDIATE");
    private static readonly Statement Commit = new("COMMIT");
    private static readonly Statement Rollback = new("ROLLBACK");

    private readonly BlockingCollection<Unit> _waiting = [];
    private readonly Lock _starting = new();
    private Thread? _thread;

    /// <summary>Comes back when all of it is committed; none of it is when it fails.</summary>
    /// <returns>How many rows the first statement changed.</returns>
    public Task<int> WriteAsync(IReadOnlyList<Statement> statements)
    {
        var unit = new Unit(statements, new(TaskCreationOptions.RunContinuationsAsynchronously));
        Start();
        _waiting.Add(unit);
        return unit.Written.Task;
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread?.Join();
        _waiting.Dispose();
    }

    private void Start()
    {
        if (Volatile.Read(ref _thread) is null)
        {
            lock (_starting)
            {
                if (_thread is null)
                {
                    _thread = new Thread(Run) { IsBackground = true, Name = "writer" };
                    _thread.Start();
                }
            }
        }
    }

    private void Run()
    {
        KeptConnection? connection = null;
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            List<Unit> group = [first];
            try
            {
                turn.Enter();
                try
                {
                    // Whoever came while we waited for our turn.
                    while (group.Count < LargestGroup && _waiting.TryTake(out var next))
                    {
                        group.Add(next);
                    }

                    connection ??= new KeptConnection(database.ConnectionString);
                    Write(connection, group);
                }
                finally
                {
                    turn.Leave();
                }
            }
            catch (Exception exception) when (Fail(group, exception))
            {
                // Told to all who wait for it; the next group may fare better.
            }
        }

        connection?.Dispose();
    }

    private static void Write(KeptConnection connection, List<Unit> group)
    {
        try
        {
            CommitTogether(connection, group);
        }
        catch (SqliteException) when (group.Count > 1)
        {
            // One of them is at fault, and no other shall suffer for it.
            group.ForEach(unit => WriteAlone(connection, unit));
        }
    }

    private static void WriteAlone(KeptConnection connection, Unit unit)
    {
        try
        {
            CommitTogether(connection, [unit]);
        }
        catch (SqliteException exception)
        {
            Fail([unit], exception);
        }
    }

    private static bool Fail(List<Unit> group, Exception exception)
    {
        group.ForEach(unit => unit.Written.TrySetException(exception));
        return true;
    }

    private static void CommitTogether(KeptConnection connection, List<Unit> group)
    {
        connection.Run(Begin);
        var changed = new List<int>(group.Count);
        try
        {
            foreach (var unit in group)
            {
                changed.Add(connection.Run(unit.Statements[0]));
                foreach (var statement in unit.Statements.Skip(1))
                {
                    connection.Run(statement);
                }
            }

            connection.Run(Commit);
        }
        catch
        {
            TryToUndo(connection);
            throw;
        }

        for (var i = 0; i < group.Count; i++)
        {
            group[i].Written.SetResult(changed[i]);
        }
    }

    // After some errors, a full disk for one, SQLite has undone it by itself.
    private static void TryToUndo(KeptConnection connection)
    {
        try
        {
            connection.Run(Rollback);
        }
        catch (SqliteException)
        {
            // Nothing was left to undo.
        }
    }

    private sealed record Unit(IReadOnlyList<Statement> Statements, TaskCompletionSource<int> Written);
}
