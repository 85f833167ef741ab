using AuthServer.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Notes what the engine refuses. Anybody can cause it, so it never costs the request a write.</summary>
internal sealed class RecordRefusal<TContext>(AuditLog audit, IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<TContext>
    where TContext : BaseRequestContext
{
    public async ValueTask HandleAsync(TContext context)
    {
        if (
            context.Transaction.Response?.Error is not { Length: > 0 } error
            || EventOf(context, error) is not { } what
            || audit.HasRecorded(AuditEvent.RefreshReuseDetected)
            || audit.HasRecorded(AuditEvent.CodeReplayed)
        )
        {
            return;
        }

        // Whoever is not known may have called themselves anything, even by a secret.
        var stated = context.Transaction.Request?.ClientId;
        var isKnown =
            !string.IsNullOrEmpty(stated)
            && await applications.FindByClientIdAsync(stated, context.CancellationToken) is not null;
        audit.Note(what, clientId: isKnown ? stated : null, reason: error, name: isKnown ? null : stated);
    }

    private static AuditEvent? EventOf(TContext context, string error) =>
        error switch
        {
            Errors.InvalidClient => AuditEvent.ClientAuthFailed,
            _ when context.EndpointType is OpenIddictServerEndpointType.Token =>
                context.Transaction.Request?.IsRefreshTokenGrantType() is true
                    ? AuditEvent.TokenRefreshed
                    : AuditEvent.TokenIssued,
            // What a client may ask and not get is no sign of anything.
            Errors.InvalidRequest
            or Errors.InvalidRequestUri
            or Errors.InvalidScope
            or Errors.UnauthorizedClient
            or Errors.UnsupportedResponseType => AuditEvent.InputRejected,
            _ => null,
        };
}
