using AuthServer.Connect.Direct;
using AuthServer.Connect.Engine;
using AuthServer.Data;
using AuthServer.Limits;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>Owns OAuth 2.0 and OpenID Connect. It asks who is signed in and when, never how.</summary>
internal static class ConnectModule
{
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    public static void AddConnect(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSection<TokensOptions>("Tokens");
        services.AddSingleton<IValidateOptions<TokensOptions>, TokensOptionsCheck>();
        services.AddSingleton<ConnectMeter>();
        services.AddSingleton<Interactions>();
        services.AddScoped<Consents>();
        services.AddScoped<GrantedApps>();
        services.AddScoped<AuthorizeEndpoint>();
        services.AddSingleton<TokenWriter>();
        services.AddSingleton<KnownClients>();
        services.AddSingleton<StandingTokens>();
        services.AddSingleton<ClientCredentialsAnswer>();
        services.AddSingleton<Exchange>();
        services.AddSingleton<AuthorizationCodeAnswer>();
        services.AddSingleton<RefreshAnswer>();
        services.AddSingleton<IntrospectionAnswer>();
        services.AddSingleton<UserInfoAnswer>();

        services
            .AddOpenIddict()
            .AddServer(server =>
            {
                server
                    .AllowAuthorizationCodeFlow()
                    .AllowClientCredentialsFlow()
                    .AllowRefreshTokenFlow()
                    .DisableAccessTokenEncryption()
                    .UseReferenceRefreshTokens()
                    .RegisterPromptValues(
                        PromptValues.None,
                        PromptValues.Login,
                        PromptValues.Consent,
                        PromptValues.SelectAccount
                    );
                server
                    .UseAspNetCore()
                    // RFC 7617 §2: a Basic challenge has a realm.
                    .SetRealm("AuthServer")
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableTokenEndpointPassthrough()
                    .EnableUserInfoEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough()
                    .EnableStatusCodePagesIntegration()
                    // TLS ends at the proxy; Issuer says what the outside sees.
                    .DisableTransportSecurityRequirement();
                Handlers.Install(server);
            });
        services.AddOptions<OpenIddictServerOptions>().Configure<Issuer, IOptions<TokensOptions>>(Configure);
    }

    /// <summary>What runs before the engine, which answers most requests in the authentication middleware.</summary>
    public static void UseConnect(this WebApplication app)
    {
        app.UseClientLimits();
        app.UseMiddleware<MetadataCache>();
        app.Use(ParameterGuard.InvokeAsync);
        app.UseMiddleware<DirectAnswers>();
    }

    public static void MapConnect(this WebApplication app)
    {
        app.MapMethods("/connect/authorize", GetAndPost, AuthorizeEndpoint.HandleAsync);
        app.MapPost("/connect/token", TokenEndpoint.HandleAsync);
        app.MapMethods("/connect/userinfo", GetAndPost, UserInfoEndpoint.HandleAsync);
        app.MapMethods("/connect/logout", GetAndPost, EndSessionEndpoint.HandleAsync);
        // The engine answers by itself: /connect/introspect, /connect/revoke, /connect/par, /.well-known/…
        // Razor Pages: /connect/consent, /connect/signed-out.
    }

    private static void Configure(
        OpenIddictServerOptions server,
        Issuer issuer,
        IOptions<TokensOptions> tokens
    )
    {
        server.Issuer = issuer.Uri;
        Place(server.AuthorizationEndpointUris, "connect/authorize");
        Place(server.TokenEndpointUris, "connect/token");
        Place(server.UserInfoEndpointUris, "connect/userinfo");
        Place(server.IntrospectionEndpointUris, "connect/introspect");
        Place(server.RevocationEndpointUris, "connect/revoke");
        Place(server.EndSessionEndpointUris, "connect/logout");
        Place(server.PushedAuthorizationEndpointUris, "connect/par");
        Place(server.JsonWebKeySetEndpointUris, ".well-known/jwks");

        // Every scope that a client may have is in the store; these two are the protocol's own.
        server.Scopes.UnionWith([Scopes.Profile, Scopes.Email]);
        server.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
        // No client can register a key to sign with, so none is told that it could.
        server.ClientAuthenticationMethods.Remove(ClientAuthenticationMethods.PrivateKeyJwt);
        server.ClientAssertionTypes.Clear();

        server.AccessTokenLifetime = tokens.Value.AccessTokenLifetime;
        server.IdentityTokenLifetime = tokens.Value.AccessTokenLifetime;
        server.AuthorizationCodeLifetime = tokens.Value.AuthorizationCodeLifetime;
        server.RefreshTokenLifetime = tokens.Value.RefreshTokenLifetime;
        server.RequestTokenLifetime = PushedRequestLifetime.UntilCode;
        // RedeemOnce and ValidateTokenState decide, not the engine's window for reuse.
        server.RefreshTokenReuseLeeway = null;

        // The absolute form is what discovery shows; the relative one is what requests are matched with, since a
        // proxy may call us by another name.
        void Place(List<Uri> uris, string path) =>
            uris.AddRange([issuer.UrlOf(path), new Uri(path, UriKind.Relative)]);
    }
}

/// <summary>Refuses to start with lifetimes that make no sense.</summary>
internal sealed class TokensOptionsCheck : IValidateOptions<TokensOptions>
{
    public ValidateOptionsResult Validate(string? name, TokensOptions options) =>
        options.Mistake() is { } mistake
            ? ValidateOptionsResult.Fail(mistake)
            : ValidateOptionsResult.Success;
}
