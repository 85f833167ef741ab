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

    // A lock that its owner can wait at without looking again and again, which on one core takes it from who works.
    private readonly object _line = new();
    private readonly Queue<Unit> _waiting = new();
    private Thread? _thread;
    private bool _closed;

    /// <summary>Comes back when all of it is committed; none of it is when it fails.</summary>
    /// <returns>How many rows the first statement changed.</returns>
    public Task<int> WriteAsync(IReadOnlyList<Statement> statements)
    {
        var unit = new Unit(statements, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_line)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            // A thread that the system refuses is this caller's error; the next one tries again.
            _thread ??= Started();
            _waiting.Enqueue(unit);
            Monitor.Pulse(_line);
        }

        return unit.Written.Task;
    }

    /// <summary>Waits until all that came is written.</summary>
    public void Dispose()
    {
        lock (_line)
        {
            _closed = true;
            Monitor.Pulse(_line);
        }

        _thread?.Join();
    }

    private Thread Started()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "writer" };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        KeptConnection? connection = null;
        while (First() is { } first)
        {
            List<Unit> group = [first];
            try
            {
                turn.Enter();
                try
                {
                    TakeOthers(group);
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

    // Null when there is none and will be none.
    private Unit? First()
    {
        lock (_line)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                Monitor.Wait(_line);
            }

            return _waiting.TryDequeue(out var first) ? first : null;
        }
    }

    // Whoever came while we waited for our turn.
    private void TakeOthers(List<Unit> group)
    {
        lock (_line)
        {
            while (group.Count < LargestGroup && _waiting.TryDequeue(out var next))
            {
                group.Add(next);
            }
        }
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
