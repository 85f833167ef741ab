using System.Collections.Immutable;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Addresses the access token to the APIs that its scopes reach (<c>aud</c>, RFC 9068 §3), narrows it when a
/// refresh asks for less (RFC 6749 §6), and notes the signing algorithm that they all take.
/// </summary>
internal sealed class AddressApis(IOpenIddictScopeManager scopes)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    private const string Property = "access_token_algorithm";

    /// <summary>The algorithm of the access token that this request gives.</summary>
    public static string? Algorithm(OpenIddictServerTransaction transaction) =>
        transaction.Properties.TryGetValue(Property, out var value) ? (string?)value : null;

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType is not OpenIddictServerEndpointType.Token)
        {
            return;
        }

        var reach = await Reach.OfAsync(
            scopes,
            NarrowAccessToken.ScopesOf(context),
            context.Options.Issuer!,
            context.CancellationToken
        );
        context.Principal!.SetResources(reach.Apis);
        context.Transaction.Properties[Property] = reach.Algorithm;
    }
}

/// <summary>
/// Gives the access token of a refresh only the scopes that the request asks for; the refresh token keeps what
/// was granted (RFC 6749 §6).
/// </summary>
internal sealed class NarrowAccessToken : IOpenIddictServerHandler<ProcessSignInContext>
{
    /// <summary>The scopes of the access token that this request gives.</summary>
    public static ImmutableArray<string> ScopesOf(ProcessSignInContext context) =>
        context.Request.IsRefreshTokenGrantType() && !string.IsNullOrEmpty(context.Request.Scope)
            ? context.Request.GetScopes()
            : context.Principal!.GetScopes();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType is OpenIddictServerEndpointType.Token)
        {
            context.AccessTokenPrincipal?.SetScopes(ScopesOf(context));
        }

        return ValueTask.CompletedTask;
    }
}
