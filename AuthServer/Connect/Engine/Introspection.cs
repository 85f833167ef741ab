using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// RFC 7662 §2.2: a code or an ID token is not active, as if we had never made it. The engine answers that it does
/// not support this type, and so tells that the value is genuine.
/// </summary>
internal sealed class HideOtherTokens : IOpenIddictServerHandler<ValidateIntrospectionRequestContext>
{
    public ValueTask HandleAsync(ValidateIntrospectionRequestContext context)
    {
        if (
            context.GenericTokenPrincipal!.GetTokenType()
            is not (TokenTypeIdentifiers.AccessToken or TokenTypeIdentifiers.RefreshToken)
        )
        {
            context.Reject(Errors.InvalidToken, "The token is not active.");
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Tells the scopes to the client that the token was issued to as well; the engine tells them to the API only.</summary>
internal sealed class TellScopes : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
{
    public ValueTask HandleAsync(HandleIntrospectionRequestContext context)
    {
        context.Scopes.UnionWith(context.GenericTokenPrincipal!.GetScopes());
        return ValueTask.CompletedTask;
    }
}
