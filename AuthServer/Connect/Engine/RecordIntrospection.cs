using AuthServer.Audit;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Notes who asks about tokens: an API may do so at every request, so those of a minute are told as one.</summary>
internal sealed class RecordIntrospection(AuditLog audit)
    : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        if (context.Error is null)
        {
            audit.Note(
                AuditEvent.TokenIntrospected,
                succeeded: (bool?)context.Response[Claims.Active] is true,
                clientId: context.Request?.ClientId
            );
        }

        return ValueTask.CompletedTask;
    }
}
