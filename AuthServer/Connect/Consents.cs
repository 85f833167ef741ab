using System.Collections.Immutable;
using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>
/// What each person has allowed each client, one remembered answer a pair. Families never hang on it: ending one
/// device must not end all.
/// </summary>
internal sealed class Consents(
    AuthDb db,
    AuditLog audit,
    IOpenIddictApplicationManager applications,
    TimeProvider clock
)
{
    /// <summary>Whether the person has allowed this client all of <paramref name="scopes"/> before.</summary>
    public async Task<bool> CoversAsync(
        object client,
        string accountId,
        ImmutableArray<string> scopes,
        CancellationToken cancellation
    )
    {
        var granted = await FindAsync(client, accountId, cancellation);
        return granted is not null && !scopes.Except(ScopesOf(granted), StringComparer.Ordinal).Any();
    }

    /// <summary>Remembers that the person allowed <paramref name="scopes"/>, beside what they allowed before.</summary>
    public async Task RememberAsync(
        object client,
        string accountId,
        ImmutableArray<string> scopes,
        CancellationToken cancellation
    )
    {
        await db.ExclusivelyAsync(
            Turn.People,
            async token =>
            {
                var granted = await FindAsync(client, accountId, token);
                if (granted is null)
                {
                    granted = new Authorization
                    {
                        // A row of this unit of work's own: the one we were given belongs to all requests.
                        Application = await db.Applications.FindAsync([((Application)client).Id], token),
                        CreationDate = clock.GetUtcNow().UtcDateTime,
                        Status = Statuses.Valid,
                        Subject = accountId,
                        Type = AuthorizationTypes.Permanent,
                    };
                    db.Authorizations.Add(granted);
                }

                granted.Scopes = JsonSerializer.Serialize(
                    ScopesOf(granted).Union(scopes, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                );
                audit.Record(
                    AuditEvent.ConsentGranted,
                    accountId: accountId,
                    clientId: await applications.GetClientIdAsync(client, token)
                );
                await db.SaveChangesAsync(token);
            },
            cancellation
        );
    }

    private async Task<Authorization?> FindAsync(
        object client,
        string accountId,
        CancellationToken cancellation
    )
    {
        var clientId = await applications.GetIdAsync(client, cancellation);
        return await db.Authorizations.FirstOrDefaultAsync(
            consent =>
                consent.Application!.Id == clientId
                && consent.Subject == accountId
                && consent.Type == AuthorizationTypes.Permanent
                && consent.Status == Statuses.Valid,
            cancellation
        );
    }

    private static string[] ScopesOf(Authorization consent) =>
        string.IsNullOrEmpty(consent.Scopes) ? [] : JsonSerializer.Deserialize<string[]>(consent.Scopes)!;
}
