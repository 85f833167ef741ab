using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// RFC 7009 §2.1: a client revokes what was issued to it, and is told when it was not. The engine lets an API revoke
/// what is meant for it, and answers everybody else as if it had been done.
/// </summary>
internal sealed class RequireOwnToken : IOpenIddictServerHandler<ValidateRevocationRequestContext>
{
    public ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        if (!context.GenericTokenPrincipal!.HasPresenter(context.ClientId!))
        {
            context.Reject(Errors.InvalidGrant, "The token was issued to another client.");
        }

        return ValueTask.CompletedTask;
    }
}
