using AuthServer.Audit;
using AuthServer.Limits;
using Microsoft.AspNetCore.Http.Metadata;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>Says of a token that still stands what the engine said of it to the same client before (RFC 7662 §2.2).</summary>
internal sealed class IntrospectionAnswer(KnownClients clients, StandingTokens tokens, Quotas quotas)
{
    // The engine's own has no endpoint; spans and metrics name the request by it.
    private static readonly Endpoint Route = new(null, new(new RouteName("connect/introspect")), null);

    /// <summary>True when it has been answered.</summary>
    public async ValueTask<bool> TryAsync(HttpContext http)
    {
        if (
            PlainRequest.Of(http.Request, Parameters.Token) is not { ClientSecret: not null } request
            || PlainRequest.FieldOf(http.Request, Parameters.Token) is not { } value
            || await clients.FindAsync(http, request, Permissions.Endpoints.Introspection) is not { } client
            || await tokens.FindAsync(value, http.RequestAborted) is not { } token
            || !token.Seen.Told.TryGetValue(client.Id, out var answer)
        )
        {
            return false;
        }

        if (!await quotas.TakeFromClientAsync(http, client.Id))
        {
            return true;
        }

        var audit = http.RequestServices.GetRequiredService<AuditLog>();
        audit.Present(value);
        audit.Note(AuditEvent.TokenIntrospected, succeeded: true, clientId: client.Id);
        http.SetEndpoint(Route);
        http.Response.Headers.CacheControl = "no-store";
        await JsonAnswer.SendAsync(http, answer);
        return true;
    }

    private sealed record RouteName(string Route) : IRouteDiagnosticsMetadata;
}
