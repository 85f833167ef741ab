using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using AuthServer.Data;
using AuthServer.Data.Statements;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>Turns an account and the scopes it granted into claims, and says in which token each may stand.</summary>
internal static class Subject
{
    /// <summary>The person behind a family, as of now.</summary>
    /// <param name="owner">Whose family it is.</param>
    /// <param name="scopes">What was granted.</param>
    /// <param name="withUserClaims">Whether the client wants the claims of its scopes in the ID token too.</param>
    public static ClaimsPrincipal Of(FamilyOwner owner, ImmutableArray<string> scopes, bool withUserClaims)
    {
        var identity = New(owner.Account.Id);
        identity.SetClaim("sid", owner.Session.Id);
        identity.SetClaim(
            Claims.AuthenticationTime,
            new DateTimeOffset(owner.Session.AuthenticatedAt).ToUnixTimeSeconds()
        );
        identity.SetClaims(
            Claims.AuthenticationMethodReference,
            [.. owner.Session.Amr.Split(' ', StringSplitOptions.RemoveEmptyEntries)]
        );
        if (withUserClaims)
        {
            foreach (var (name, value) in ClaimsOf(owner.Account, scopes))
            {
                identity.AddClaim(name, value);
            }
        }

        identity.SetScopes(scopes);
        // An API needs to know who and what for; everything else is between us and the client.
        identity.SetDestinations(claim => claim.Type == Claims.Subject ? [] : [Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The person who is about to get a code; the token endpoint asks again who they are.</summary>
    public static ClaimsPrincipal OfCode(SignIn signIn, ImmutableArray<string> scopes, string familyId)
    {
        var identity = New(signIn.AccountId);
        identity.SetScopes(scopes);
        identity.SetAuthorizationId(familyId);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>A client that acts for itself (RFC 9068 §2.2: <c>sub</c> is then the client).</summary>
    public static ClaimsPrincipal OfClient(string clientId, ImmutableArray<string> scopes)
    {
        var identity = New(clientId);
        identity.SetScopes(scopes);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>OpenID Connect Core §5.4: which claims each scope gives.</summary>
    public static IEnumerable<(string Name, object Value)> ClaimsOf(
        Account account,
        ImmutableArray<string> scopes
    )
    {
        if (scopes.Contains(Scopes.Profile))
        {
            yield return (Claims.Name, account.Name);
        }

        if (scopes.Contains(Scopes.Email) && account.Email is { } email)
        {
            yield return (Claims.Email, email);
            yield return (Claims.EmailVerified, account.EmailConfirmed);
        }
    }

    private static void AddClaim(this ClaimsIdentity identity, string name, object value) =>
        identity.AddClaim(
            value is bool flag
                ? new Claim(name, flag ? "true" : "false", ClaimValueTypes.Boolean)
                : new Claim(name, string.Create(CultureInfo.InvariantCulture, $"{value}"))
        );

    private static ClaimsIdentity New(string subject)
    {
        var identity = new ClaimsIdentity("AuthServer", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, subject);
        return identity;
    }
}
