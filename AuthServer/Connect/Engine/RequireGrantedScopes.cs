using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// A refresh asks for no more than was granted (RFC 6749 §6). The engine answers <c>invalid_grant</c>, upon which
/// a client throws away a refresh token that is still good; the standard's word is <c>invalid_scope</c> (§5.2).
/// </summary>
internal sealed class RequireGrantedScopes : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (
            context.Request.IsRefreshTokenGrantType()
            && context
                .Request.GetScopes()
                .Except(context.RefreshTokenPrincipal!.GetScopes(), StringComparer.Ordinal)
                .Any()
        )
        {
            context.Reject(Errors.InvalidScope, "The request asks for a scope that was not granted.");
        }

        return ValueTask.CompletedTask;
    }
}
