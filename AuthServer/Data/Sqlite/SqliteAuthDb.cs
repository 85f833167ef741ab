using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data.Sqlite;

/// <summary>
/// The embedded database: one file, one instance. A transaction takes the one write lock when it begins (BEGIN
/// IMMEDIATE), so it has every turn and holds every family there is.
/// </summary>
internal sealed class SqliteAuthDb(DbContextOptions<SqliteAuthDb> options) : AuthDb(options)
{
    public override Task TakeTurnAsync(Turn turn, CancellationToken cancellation) => Task.CompletedTask;

    public override Task HoldFamilyAsync(string familyId, CancellationToken cancellation) =>
        Task.CompletedTask;

    public override Task<DateTime> NowAsync(TimeProvider clock, CancellationToken cancellation) =>
        Task.FromResult(clock.GetUtcNow().UtcDateTime);
}
