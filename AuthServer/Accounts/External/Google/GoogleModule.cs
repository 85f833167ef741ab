using AuthServer.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts.External.Google;

/// <summary>Owns sign-in with Google; without a client id in the configuration there is none of it.</summary>
internal static class GoogleModule
{
    public const string Provider = "google";

    public static void AddGoogleSignIn(this WebApplicationBuilder builder)
    {
        if (!string.IsNullOrEmpty(builder.Configuration["External:Google:ClientId"]))
        {
            Add(builder.Services);
        }
    }

    // Apart, so that a server without Google does not even load its library.
    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(new ExternalProvider(Provider, "Google", GoogleIdToken.Issuer, Provider));
        services.AddSingleton<GoogleKeys>();
        services.AddSingleton<GoogleIdToken>();
        services.AddAuthentication().AddOAuth<GoogleOptions, GoogleSignIn>(Provider, Provider, _ => { });
        services
            .AddOptions<GoogleOptions>(Provider)
            .Configure<IOptions<ExternalOptions>, OutboundHttp, Issuer>(Configure);
    }

    private static void Configure(
        GoogleOptions google,
        IOptions<ExternalOptions> options,
        OutboundHttp outbound,
        Issuer issuer
    )
    {
        var settings = options.Value.Google;
        google.ClientId = settings.ClientId;
        google.ClientSecret = settings.ClientSecret;
        google.AuthorizationEndpoint = settings.AuthorizationEndpoint;
        google.TokenEndpoint = settings.TokenEndpoint;
        google.UserInformationEndpoint = settings.UserInformationEndpoint;
        google.CallbackPath = "/account/external/google";
        google.SignInScheme = Arrivals.Scheme;
        google.UsePkce = true;
        google.Backchannel = outbound.Client;
        google.RemoteAuthenticationTimeout = Arrivals.Lifetime;
        google.CorrelationCookie = Arrivals.Cookie(issuer, "external-state.");
        google.Scope.Clear();
        google.Scope.Add("openid");
        google.Scope.Add("profile");
        google.Scope.Add("email");
        google.ClaimActions.Clear();
        google.ClaimActions.MapJsonKey("sub", "sub");
        google.Events.OnRemoteFailure = RemoteTrouble.AnswerAsync;
        google.Events.OnAccessDenied = RemoteTrouble.AnswerDeniedAsync;
    }
}
