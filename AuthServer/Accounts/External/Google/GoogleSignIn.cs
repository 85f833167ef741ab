using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts.External.Google;

/// <summary>
/// Google's handler, which is plain OAuth, made to speak OpenID Connect: it sends a nonce, and believes the signed ID
/// token rather than what an access token opens.
/// </summary>
internal sealed class GoogleSignIn(
    IOptionsMonitor<GoogleOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    GoogleIdToken idTokens
) : GoogleHandler(options, logger, encoder)
{
    private const string Nonce = "nonce";

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        // In the state, which is sealed and bound to this browser by the correlation cookie.
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        properties.Items[Nonce] = nonce;
        properties.IssuedUtc = TimeProvider.GetUtcNow();
        // People see, and choose, whose account it is; nobody is signed in by pressing a button alone.
        properties.SetParameter(GoogleChallengeProperties.PromptParameterKey, "select_account");
        return QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), Nonce, nonce);
    }

    protected override Task<HandleRequestResult> HandleRemoteAuthenticateAsync() =>
        OutboundHttp.WithPatienceAsync(Context, base.HandleRemoteAuthenticateAsync);

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        // A browser counts the minutes of a cookie by a clock of its own.
        var begun = context.Properties.IssuedUtc;
        context.Properties.IssuedUtc = null;
        if (begun is null || begun + Arrivals.Lifetime <= TimeProvider.GetUtcNow())
        {
            RemoteTrouble.Explain(context.Properties, "the way to the provider and back took too long");
            return OAuthTokenResponse.Failed(new AuthenticationFailureException("Too late."));
        }

        var tokens = await base.ExchangeCodeAsync(context);
        if (tokens.Error is not null)
        {
            RemoteTrouble.Explain(context.Properties, "the provider refused the code or our client secret");
        }

        return tokens;
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(
        ClaimsIdentity identity,
        AuthenticationProperties properties,
        OAuthTokenResponse tokens
    )
    {
        var idToken = tokens.Response?.RootElement.GetString("id_token");
        var nonce = properties.Items[Nonce]!;
        properties.Items.Remove(Nonce);
        var (proved, refusal) = await idTokens.ReadAsync(idToken, nonce, Context.RequestAborted);
        if (proved is null)
        {
            return Refuse(properties, refusal);
        }

        var ticket = await base.CreateTicketAsync(identity, properties, tokens);
        // OpenID Connect Core §5.3.2: an answer about somebody else is not to be used.
        return ticket.Principal.FindFirstValue("sub") == proved.Subject
            ? new AuthenticationTicket(proved.ToPrincipal(), properties, Scheme.Name)
            : Refuse(properties, "userinfo and the ID token tell of two people");
    }

    // The base class takes null for a refusal, though it does not say so.
    private static AuthenticationTicket Refuse(AuthenticationProperties properties, string reason)
    {
        RemoteTrouble.Explain(properties, reason);
        return null!;
    }
}
