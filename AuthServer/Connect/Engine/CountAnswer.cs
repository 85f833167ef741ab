using AuthServer.Audit;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Counts what the token endpoint answers, when all of it is committed.</summary>
internal sealed class CountAnswer(ConnectMeter meter, AuditLog audit)
    : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        var grantType = context.Request?.GrantType;
        if (string.IsNullOrEmpty(context.Error))
        {
            meter.Issued(grantType, isRetry: Successor.Of(context.Transaction) is { Exists: true });
        }
        else
        {
            meter.Refused(
                grantType,
                isReuse: audit.HasRecorded(AuditEvent.RefreshReuseDetected)
                    || audit.HasRecorded(AuditEvent.CodeReplayed)
            );
        }

        return ValueTask.CompletedTask;
    }
}
