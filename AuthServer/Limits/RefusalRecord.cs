using AuthServer.Audit;

namespace AuthServer.Limits;

/// <summary>
/// Records that somebody is refused: once per counter and window, for whoever is refused tries again at once, and
/// must not be able to fill the database by it.
/// </summary>
internal sealed class RefusalRecord(LocalCounters told, IServiceScopeFactory scopes)
{
    /// <summary>Costs no write.</summary>
    public async Task AddAsync(Charge exceeded, string? accountId = null, string? clientId = null)
    {
        var once = new Limit($"told-{exceeded.Limit.Name}", 1, exceeded.Limit.Window);
        if (!(await told.TakeAsync([new Charge(once, exceeded.Key)])).IsAllowed)
        {
            return;
        }

        // Noted, not written at once: from many addresses even one row each would be a flood.
        await using var scope = scopes.CreateAsyncScope();
        scope
            .ServiceProvider.GetRequiredService<AuditLog>()
            .Note(
                AuditEvent.RateLimited,
                accountId: accountId,
                clientId: clientId,
                reason: exceeded.Limit.Name
            );
    }
}
