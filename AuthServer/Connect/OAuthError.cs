using Microsoft.AspNetCore.Authentication;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>A refusal in the words of the standard; the only place that spells one for our endpoints.</summary>
internal static class OAuthError
{
    /// <summary>Why nothing is given that was allowed no more.</summary>
    public const string NotAllowed = "The person did not allow it.";

    /// <summary>RFC 6749 §5.2: the code or refresh token is no longer good.</summary>
    public static IResult InvalidGrant(string description) => Refuse(Errors.InvalidGrant, description);

    /// <summary>OpenID Connect Core §3.1.2.6: the person would have to sign in, and <c>prompt=none</c> forbids to ask.</summary>
    public static IResult LoginRequired() =>
        Refuse(Errors.LoginRequired, "The person must sign in, which prompt=none does not allow.");

    /// <summary>OpenID Connect Core §3.1.2.1: the person who signed in is not the one of the <c>id_token_hint</c>.</summary>
    public static IResult OtherPerson() =>
        Refuse(Errors.LoginRequired, "Somebody else than the person of the id_token_hint has signed in.");

    /// <summary>OpenID Connect Core §3.1.2.6: the person would have to consent.</summary>
    public static IResult ConsentRequired() =>
        Refuse(Errors.ConsentRequired, "The person must consent, which prompt=none does not allow.");

    /// <summary>RFC 6749 §4.1.2.1: the person said no.</summary>
    public static IResult AccessDenied() => Refuse(Errors.AccessDenied, NotAllowed);

    /// <summary>RFC 9101 §7, as RFC 9126 §2.2 means it: the pushed request came too late.</summary>
    public static IResult RequestExpired() =>
        Refuse(Errors.InvalidRequestUri, "The request_uri has expired: start again at the application.");

    /// <summary>RFC 6750 §3.1: the access token is no longer good.</summary>
    public static IResult InvalidToken() =>
        Results.Challenge(
            Properties(Errors.InvalidToken, "The access token is no longer good."),
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
        );

    /// <summary>RFC 6750 §3.1: the access token was not granted <c>openid</c>.</summary>
    public static IResult InsufficientScope() =>
        Refuse(Errors.InsufficientScope, "The access token does not carry the scope 'openid'.");

    private static IResult Refuse(string error, string description) =>
        Results.Forbid(
            Properties(error, description),
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
        );

    private static AuthenticationProperties Properties(string error, string description) =>
        new(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
                [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
            }
        );
}
