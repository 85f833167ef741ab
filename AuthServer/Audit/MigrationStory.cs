using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Audit;

/// <summary>
/// Records which version the database was brought to: at the first start after it, for the verb <c>migrate</c> does
/// not open the keys of the trail.
/// </summary>
internal sealed class MigrationStory(AuthDb db, AuditLog audit)
{
    public async Task TellAsync(CancellationToken cancellation)
    {
        var version = (await db.Database.GetAppliedMigrationsAsync(cancellation)).Last();
        await db.ExclusivelyAsync(Turn.Start, token => TellOnceAsync(version, token), cancellation);
    }

    // Asked in the turn of starts, which may take its time: the trail may be long.
    private async Task TellOnceAsync(string version, CancellationToken cancellation)
    {
        var isTold = await db.Audit.AnyAsync(
            row => row.Event == AuditEvent.Migrated.Name && row.Reason == version,
            cancellation
        );
        if (!isTold)
        {
            audit.Record(AuditEvent.Migrated, reason: version);
            await db.SaveChangesAsync(cancellation);
        }
    }
}
