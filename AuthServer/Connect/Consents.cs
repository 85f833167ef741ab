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
    /// <summary>
    /// Whether the client may have what it asks for. What the person said on the page is remembered at once, and holds until it
    /// is taken away.
    /// </summary>
    public async Task<bool> AllowAsync(
        OpenIddictRequest request,
        object client,
        string accountId,
        ImmutableArray<string> scopes,
        CancellationToken cancellation
    ) =>
        !(
            request.HasPromptValue(PromptValues.Consent)
            || await applications.HasConsentTypeAsync(client, ConsentTypes.Explicit, cancellation)
        ) || await CoverAsync(client, accountId, scopes, cancellation);

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

    // All of it, before.
    private async Task<bool> CoverAsync(
        object client,
        string accountId,
        ImmutableArray<string> scopes,
        CancellationToken cancellation
    )
    {
        var granted = await FindAsync(client, accountId, cancellation);
        return granted is not null && !scopes.Except(ScopesOf(granted), StringComparer.Ordinal).Any();
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
