using AuthServer.Data.PostgreSql;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data.Copy;

/// <summary>Moves a SQLite database to a PostgreSQL that nobody has served yet: all of it, or nothing.</summary>
internal sealed class DataCopy(AuthDb target, IDatabase database, DatabaseStartup startup)
{
    /// <summary>Copies every table in one transaction of the target, and <paramref name="tell"/> with it.</summary>
    /// <param name="file">The SQLite file, which nobody serves meanwhile.</param>
    /// <param name="tell">Takes the number of copied rows into the same unit of work.</param>
    /// <param name="cancellation">Leaves the target empty.</param>
    /// <returns>Tables with their numbers of rows.</returns>
    /// <exception cref="StartupException">One of the two is not what it must be; neither was changed.</exception>
    public async Task<IReadOnlyList<(string Table, long Rows)>> RunAsync(
        string file,
        Action<long> tell,
        CancellationToken cancellation
    )
    {
        if (database is not PostgreSqlDatabase)
        {
            throw new StartupException(
                "The copy goes to a PostgreSQL: set Data:Provider to PostgreSql, and Data:ConnectionString to an empty database there."
            );
        }

        await using var source = await CopySource.OpenAsync(file, cancellation);
        try
        {
            await startup.ReadSecretsOfAsync(source.Db, $"'{file}'", cancellation);
            await startup.MigrateAsync(cancellation);
            return await CopyAsync(source.Db, tell, cancellation);
        }
        catch (SqliteException exception)
        {
            throw CopySource.Explained(exception, file);
        }
    }

    private async Task<IReadOnlyList<(string Table, long Rows)>> CopyAsync(
        AuthDb source,
        Action<long> tell,
        CancellationToken cancellation
    )
    {
        var counts = new List<(string Table, long Rows)>();
        // The turn of whoever starts: a server that is started on the target meanwhile waits for us, or we find it served.
        await target.ExclusivelyAsync(
            Turn.Start,
            async token =>
            {
                await target.Database.ExecuteSqlAsync(
                    $"SET LOCAL idle_in_transaction_session_timeout = 0",
                    token
                );
                // Where the chain of audit begins is written by the migration; the source brings its own.
                await target.AuditLinks.Where(link => link.Seq == 0).ExecuteDeleteAsync(token);
                var tables = CopyPlan.Of(target.Model);
                foreach (var table in tables)
                {
                    await RefuseFilledAsync(table, token);
                }

                foreach (var table in tables)
                {
                    counts.Add((table.Name, await table.CopyAsync(source, target, token)));
                }

                tell(counts.Sum(count => count.Rows));
                await target.SaveChangesAsync(token);
            },
            cancellation
        );
        return counts;
    }

    private async Task RefuseFilledAsync(CopiedTable table, CancellationToken cancellation)
    {
        if (await table.HasRowsAsync(target, cancellation))
        {
            throw new StartupException(
                $"The database that Data:ConnectionString names has been served already (there are rows in '{table.Name}'), so nothing was copied: set it to an empty database."
            );
        }
    }
}
