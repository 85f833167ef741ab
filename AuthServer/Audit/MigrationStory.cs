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
        if (!await IsToldAsync(version, cancellation))
        {
            await db.ExclusivelyAsync(Turn.Start, token => TellOnceAsync(version, token), cancellation);
        }
    }

    // Asked again: another instance that starts with us may have told it.
    private async Task TellOnceAsync(string version, CancellationToken cancellation)
    {
        if (!await IsToldAsync(version, cancellation))
        {
            audit.Record(AuditEvent.Migrated, reason: version);
            await db.SaveChangesAsync(cancellation);
        }
    }

    private Task<bool> IsToldAsync(string version, CancellationToken cancellation) =>
        db.Audit.AnyAsync(
            row => row.Event == AuditEvent.Migrated.Name && row.Reason == version,
            cancellation
        );
}
