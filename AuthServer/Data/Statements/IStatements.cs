using System.Data.Common;

namespace AuthServer.Data.Statements;

/// <summary>
/// Runs the few statements that nearly every request needs, and those of every start and of every look at whether there is
/// something to do. They are prepared once and pass by EF, which takes twenty times as long to read a row and half a second
/// to be ready at all; everything else is asked through <see cref="AuthDb"/>.
/// </summary>
internal interface IStatements
{
    /// <summary>The time of a write by the clock that all share who use the database; <paramref name="ours"/> is what ours says.</summary>
    string Clock(string ours);

    /// <summary>Ends a question within a write, so that nobody changes the row that it finds before the write is committed.</summary>
    string Hold { get; }

    /// <summary>The first row as <paramref name="read"/> takes it; null when there is none.</summary>
    Task<T?> FirstAsync<T>(Statement question, Func<DbDataReader, T> read, CancellationToken cancellation)
        where T : class;

    /// <summary>All rows as <paramref name="read"/> takes them: for questions that find few.</summary>
    Task<List<T>> AllAsync<T>(Statement question, Func<DbDataReader, T> read, CancellationToken cancellation);

    /// <summary>
    /// Makes all of them true or none, and comes back when they are committed. Whoever gives up waiting does not know
    /// which.
    /// </summary>
    /// <returns>How many rows the first one changed.</returns>
    Task<int> WriteAsync(IReadOnlyList<Statement> unit, CancellationToken cancellation);
}
