using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data.PostgreSql;

/// <summary>
/// The database of many instances. Two transactions run side by side, each statement sees what is committed by then:
/// so what must not happen twice takes a turn, or holds its row.
/// </summary>
internal sealed class PostgreSqlAuthDb(DbContextOptions<PostgreSqlAuthDb> options) : AuthDb(options)
{
    /// <summary>Sets our turns apart from locks that others take in the same database.</summary>
    private const int Ours = 0x41757468;

    public override async Task TakeTurnAsync(Turn turn, CancellationToken cancellation)
    {
        if (turn == Turn.Start)
        {
            // Nobody waits at the door yet, and an instance that starts beside us may have much to do.
            Database.SetCommandTimeout(TimeSpan.FromHours(1));
            await Database.ExecuteSqlAsync($"SET LOCAL lock_timeout = '60s'", cancellation);
            await Database.ExecuteSqlAsync($"SET LOCAL statement_timeout = 0", cancellation);
        }

        await Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Ours}, {(int)turn})", cancellation);
    }

    public override async Task HoldFamilyAsync(string familyId, CancellationToken cancellation) =>
        await Database
            .SqlQuery<int>(
                $"""SELECT 1 AS "Value" FROM "OpenIddictAuthorizations" WHERE "Id" = {familyId} FOR UPDATE"""
            )
            .ToListAsync(cancellation);

    public override async Task<DateTime> NowAsync(TimeProvider clock, CancellationToken cancellation) =>
        (
            await Database
                .SqlQuery<DateTime>($"""SELECT clock_timestamp() AS "Value" """)
                .ToListAsync(cancellation)
        )[0];

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // Compared byte by byte, as SQLite does, whatever language the database was made for.
        configurationBuilder.Properties<string>().HaveColumnType("text").UseCollation("C");
    }
}
