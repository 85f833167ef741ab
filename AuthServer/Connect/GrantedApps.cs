using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>What the clients of one person may do: remembered answers and living families together, by client.</summary>
internal sealed class GrantedApps(
    AuthDb db,
    AuditLog audit,
    IOpenIddictScopeManager scopes,
    TimeProvider clock
)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<GrantedApp>> ListAsync(string accountId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var grants = await db
            .Authorizations.AsNoTracking()
            .Where(grant => grant.Subject == accountId && grant.Status == Statuses.Valid)
            // A family counts while something of it can still be used.
            .Where(grant =>
                grant.Type == AuthorizationTypes.Permanent
                || (
                    db.Sessions.Any(session => session.Id == grant.SessionId && session.EndedAt == null)
                    && grant.Tokens.Any(token =>
                        token.ExpirationDate > now
                        // A used code stays as long as the access token that it gave.
                        && (
                            token.Status == Statuses.Valid
                            || token.Type == TokenTypeIdentifiers.Private.AuthorizationCode
                        )
                    )
                )
            )
            .Select(grant => new
            {
                grant.Application!.ClientId,
                grant.Application.DisplayName,
                grant.Scopes,
                grant.CreationDate,
            })
            .ToListAsync(cancellation);

        var apps = new List<GrantedApp>();
        foreach (var app in grants.GroupBy(grant => (grant.ClientId, grant.DisplayName)))
        {
            var names = app.SelectMany(grant => ScopesOf(grant.Scopes)).Distinct(StringComparer.Ordinal);
            apps.Add(
                new GrantedApp(
                    app.Key.ClientId!,
                    app.Key.DisplayName ?? app.Key.ClientId!,
                    await ScopeWords.ForAsync(scopes, [.. names], cancellation),
                    app.Min(grant => grant.CreationDate!.Value)
                )
            );
        }

        return [.. apps.OrderBy(app => app.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>
    /// Forgets what the person has allowed the client, and ends all that it was given; for a client that has nothing it
    /// does nothing.
    /// </summary>
    public Task RevokeAsync(string accountId, string clientId, CancellationToken cancellation) =>
        db.ExclusivelyAsync(
            Turn.People,
            async token =>
            {
                var ended = await db
                    .Authorizations.Where(grant =>
                        grant.Subject == accountId
                        && grant.Application!.ClientId == clientId
                        && grant.Status == Statuses.Valid
                    )
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(grant => grant.Status, Statuses.Revoked),
                        token
                    );
                if (ended > 0)
                {
                    audit.Record(AuditEvent.ConsentRevoked, accountId: accountId, clientId: clientId);
                    await db.SaveChangesAsync(token);
                }
            },
            cancellation
        );

    private static string[] ScopesOf(string? text) =>
        string.IsNullOrEmpty(text) ? [] : JsonSerializer.Deserialize<string[]>(text)!;
}

/// <summary>A client that may act for the person.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Name">What people know it by.</param>
/// <param name="Wishes">What it may do, in words.</param>
/// <param name="Since">UTC.</param>
internal sealed record GrantedApp(string ClientId, string Name, IReadOnlyList<string> Wishes, DateTime Since);
