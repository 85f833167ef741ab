namespace AuthServer.Data;

/// <summary>
/// What each kind of database does in its own way around its <see cref="AuthDb"/>. Nobody outside this folder asks
/// which kind it is.
/// </summary>
internal interface IDatabase
{
    /// <summary>What is wrong with <c>Data:ConnectionString</c>, in a sentence; null when nothing is.</summary>
    string? Mistake { get; }

    /// <summary>Where the master key lies when no setting says so.</summary>
    string MasterKeyFile { get; }

    /// <summary>Whether a row that is committed later than another always has the higher number.</summary>
    bool NumbersByCommit { get; }

    /// <summary>What this version makes of it.</summary>
    Schema Schema { get; }

    /// <summary>Adds the context, what stands around it, and the check of readiness.</summary>
    void AddTo(IServiceCollection services);

    /// <summary>Creates the schema or brings it to this version; safe when several instances do so at once.</summary>
    /// <exception cref="StartupException">The database is another program's, or a newer version's.</exception>
    Task MigrateAsync(Lazy<AuthDb> db, CancellationToken cancellation);

    /// <summary>Runs <paramref name="work"/> while no other instance runs its own; a process that dies lets go.</summary>
    Task AloneAsync(Func<Task> work, CancellationToken cancellation);

    /// <summary>What is wrong and what to do about it, in a sentence for an operator; null when it is not the database.</summary>
    string? Explain(Exception exception);
}
