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

    /// <summary>What was told of a version. The kind is a constant, as in the filter of the index that finds it.</summary>
    internal static IQueryable<AuditEntry> Of(AuthDb db, string version) =>
        db.Audit.Where(row => row.Event == EF.Constant(AuditEvent.Migrated.Name) && row.Reason == version);

    private async Task TellOnceAsync(string version, CancellationToken cancellation)
    {
        if (!await Of(db, version).AnyAsync(cancellation))
        {
            audit.Record(AuditEvent.Migrated, reason: version);
            await db.SaveChangesAsync(cancellation);
        }
    }
}
