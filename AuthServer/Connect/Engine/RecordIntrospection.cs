using System.Text.Json;
using AuthServer.Audit;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Notes who asks about tokens: an API may do so at every request, so those of a minute are told as one. And remembers what
/// was said of a good one, for the next time.
/// </summary>
internal sealed class RecordIntrospection(AuditLog audit, VerifiedTokens verified)
    : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        if (context.Error is null)
        {
            var isActive = (bool?)context.Response[Claims.Active] is true;
            audit.Note(
                AuditEvent.TokenIntrospected,
                succeeded: isActive,
                clientId: context.Request?.ClientId
            );
            if (isActive && context.Request is { ClientId: { } client, Token: { } token })
            {
                verified
                    .Find(token)
                    ?.Told.TryAdd(client, JsonSerializer.SerializeToUtf8Bytes(context.Response));
            }
        }

        return ValueTask.CompletedTask;
    }
}
