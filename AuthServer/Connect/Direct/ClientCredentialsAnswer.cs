using AuthServer.Audit;
using AuthServer.Data.Statements;
using AuthServer.Limits;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>Gives a client a token for itself (RFC 6749 §4.4).</summary>
internal sealed class ClientCredentialsAnswer(
    KnownClients clients,
    TokenWriter tokens,
    Quotas quotas,
    IStatements database,
    ConnectMeter meter
)
{
    /// <summary>True when it has been answered.</summary>
    public async ValueTask<bool> TryAsync(HttpContext http)
    {
        if (
            PlainRequest.Of(http.Request, Parameters.GrantType, Parameters.Scope) is not { } request
            || await clients.FindAsync(http, request, Permissions.GrantTypes.ClientCredentials)
                is not { } client
            || request.ClientSecret is null
        )
        {
            return false;
        }

        var asked = PlainRequest.FieldOf(http.Request, Parameters.Scope);
        var scopes = client.ScopesForItself(asked);
        if (scopes.IsEmpty)
        {
            return false;
        }

        if (!await quotas.TakeFromClientAsync(http, client.Id))
        {
            return true;
        }

        var reach = await client.ReachAsync(scopes, http);
        var token = tokens.AccessToken(client, client.Id, scopes, reach, familyId: null);
        var audit = http.RequestServices.GetRequiredService<AuditLog>();
        var told = audit.Draft(
            AuditEvent.TokenIssued,
            clientId: client.Id,
            reason: GrantTypes.ClientCredentials
        );
        await database.WriteAsync([AuditRows.Insert(told, use: null)], http.RequestAborted);
        audit.Told([told]);
        meter.Issued(GrantTypes.ClientCredentials, isRetry: false);
        await new TokenAnswer(token, tokens.AccessTokenLifetime)
        {
            // RFC 6749 §5.1: said where it is not what was asked for.
            Scope = asked is null ? string.Join(' ', scopes) : null,
        }.SendAsync(http);
        return true;
    }
}
