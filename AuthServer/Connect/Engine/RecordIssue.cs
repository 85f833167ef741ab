using AuthServer.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Records what the token endpoint gives. The row is written by the first save that the new tokens need anyway, in
/// their transaction.
/// </summary>
internal sealed class RecordIssue(AuditLog audit) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType is OpenIddictServerEndpointType.Token)
        {
            var owner = ValidateFamily.Owner(context.Transaction);
            var isRetry = Successor.Of(context.Transaction) is { Exists: true };
            audit.Record(
                context.Request.IsRefreshTokenGrantType()
                    ? AuditEvent.TokenRefreshed
                    : AuditEvent.TokenIssued,
                accountId: owner?.Account.Id,
                clientId: context.ClientId,
                sessionId: owner?.Session.Id,
                reason: isRetry ? "retry" : context.Request.GrantType
            );
        }

        return ValueTask.CompletedTask;
    }
}
