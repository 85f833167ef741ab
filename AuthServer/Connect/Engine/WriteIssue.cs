using AuthServer.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Makes everything that a sign-in gives true, just before it is answered, and records what the token endpoint gives.</summary>
internal sealed class WriteIssue(Issue issue, RedeemOnce redeem, AuditLog audit)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        Tell(context);
        if (await issue.TryWriteAsync(context.CancellationToken))
        {
            return;
        }

        await redeem.LoseAsync(context, issue.Use!.TokenId);
        if (!context.IsRejected)
        {
            issue.BecomeRetry();
            Tell(context);
            await issue.TryWriteAsync(context.CancellationToken);
        }
    }

    private void Tell(ProcessSignInContext context)
    {
        if (context.EndpointType is not OpenIddictServerEndpointType.Token)
        {
            return;
        }

        var owner = ValidateFamily.Owner(context.Transaction);
        var isRetry = Successor.Of(context.Transaction) is { Exists: true };
        issue.Tell(
            audit.Draft(
                context.Request.IsRefreshTokenGrantType()
                    ? AuditEvent.TokenRefreshed
                    : AuditEvent.TokenIssued,
                accountId: owner?.Account.Id,
                clientId: context.ClientId,
                sessionId: owner?.Session.Id,
                reason: isRetry ? "retry" : context.Request.GrantType
            )
        );
    }
}
