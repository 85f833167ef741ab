using AuthServer.Data;
using AuthServer.Data.Statements;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Audit;

/// <summary>
/// Records which version the database was brought to: at the first start after it, for the verb <c>migrate</c> does
/// not open the keys of the trail.
/// </summary>
internal sealed class MigrationStory(
    Lazy<AuthDb> db,
    IStatements statements,
    IDatabase database,
    AuditLog audit
)
{
    public async Task TellAsync(CancellationToken cancellation)
    {
        var version = database.Schema.Newest;
        var told = await statements.FirstAsync(TrailRows.Migration(version), DueRows.Read, cancellation);
        if (told is null)
        {
            await db.Value.ExclusivelyAsync(Turn.Start, token => TellOnceAsync(version, token), cancellation);
        }
    }

    // Asked again: another instance may have told of it.
    private async Task TellOnceAsync(string version, CancellationToken cancellation)
    {
        var told = db.Value.Audit.Where(row =>
            row.Event == AuditEvent.Migrated.Name && row.Reason == version
        );
        if (!await told.AnyAsync(cancellation))
        {
            audit.Record(AuditEvent.Migrated, reason: version);
            await db.Value.SaveChangesAsync(cancellation);
        }
    }
}
