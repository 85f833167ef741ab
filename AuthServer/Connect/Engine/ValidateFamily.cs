using AuthServer.Data.Statements;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Whether what a token hangs on still stands: its family, the session and the account. The endpoint finds them in
/// <see cref="Owner"/>.
/// </summary>
internal sealed class ValidateFamily(
    PresentedTokens presented,
    IOpenIddictApplicationManager applications,
    TimeProvider clock
) : IOpenIddictServerHandler<ValidateTokenContext>
{
    private const string Property = "family_owner";

    /// <summary>Whose token this request brought; null when it brought none that belongs to a family.</summary>
    public static FamilyOwner? Owner(OpenIddictServerTransaction transaction) =>
        transaction.Properties.TryGetValue(Property, out var value) ? (FamilyOwner?)value : null;

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var kind = context.Principal!.GetTokenType();
        if (context.AuthorizationId is not { Length: > 0 })
        {
            if (kind == TokenTypeIdentifiers.AccessToken && !await IsOfClientAsync(context))
            {
                context.Reject(Errors.InvalidToken, "The token is no longer good.");
            }

            return;
        }

        // An ID token tells who signed in once; it opens nothing, so it may outlive its family as a hint.
        if (kind == TokenTypeIdentifiers.IdentityToken)
        {
            return;
        }

        var token = await presented.FindAsync(context);
        if (token?.Owner is not { } owner || owner.Account.LockoutEnd > clock.GetUtcNow())
        {
            context.Reject(Errors.InvalidToken, "The token is no longer good.");
            return;
        }

        context.Transaction.Properties[Property] = owner;
    }

    // What a client was given for itself ends with the client.
    private async ValueTask<bool> IsOfClientAsync(ValidateTokenContext context) =>
        context.Principal!.GetClaim(Claims.ClientId) is { Length: > 0 } client
        && await applications.FindByClientIdAsync(client, context.CancellationToken) is not null;
}
