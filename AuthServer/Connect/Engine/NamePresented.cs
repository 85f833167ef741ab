using AuthServer.Audit;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Lets the audit trail tell which code or token a request brought, by the beginning of its hash.</summary>
internal sealed class NamePresented(AuditLog audit) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        var request = context.Request;
        if ((request.Code ?? request.RefreshToken ?? request.Token) is { Length: > 0 } token)
        {
            audit.Present(token);
        }

        return ValueTask.CompletedTask;
    }
}
