using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using Engines = OpenIddict.Server.OpenIddictServerHandlers;
using Hosts = OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;

namespace AuthServer.Connect.Engine;

/// <summary>What we add to OpenIddict's pipeline and what of it we replace, in the order that a request meets it.</summary>
internal static class Handlers
{
    /// <summary>Registers all of it.</summary>
    public static void Install(OpenIddictServerBuilder server)
    {
        server.Services.AddSingleton<DispatchPlans>();
        server.Services.Replace(ServiceDescriptor.Scoped<IOpenIddictServerDispatcher, Dispatcher>());
        server.Services.AddSingleton<VerifiedTokens>();
        server.Services.AddScoped<PresentedTokens>();
        server.Services.AddScoped<Issue>();

        // Who asks, and how.
        Replace<ProcessRequestContext, NameEndpoint>(server, Engines.InferEndpointType.Descriptor);
        // RFC 7662 §2.1: by POST, for the token and the secret do not belong into a URL.
        server.RemoveEventHandler(
            Hosts.ExtractGetOrPostRequest<ExtractIntrospectionRequestContext>.Descriptor
        );
        server.AddEventHandler(Hosts.ExtractPostRequest<ExtractIntrospectionRequestContext>.Descriptor);
        Add<ExtractUserInfoRequestContext, TakeEmptyPost>(
            server,
            Hosts.ExtractGetOrPostRequest<ExtractUserInfoRequestContext>.Descriptor.Order - 1
        );
        server.RemoveEventHandler(Engines.Exchange.ValidateClientCredentialsParameters.Descriptor);
        Replace<ValidateTokenRequestContext, RequireClientProof>(
            server,
            Engines.Exchange.ValidateClientIdParameter.Descriptor
        );
        Replace<ValidatePushedAuthorizationRequestContext, RequireClientProof>(
            server,
            Engines.Authentication.ValidatePushedClientIdParameter.Descriptor
        );

        Add<ProcessAuthenticationContext, ChargeClient>(
            server,
            Engines.ValidateClientSecret.Descriptor.Order + 1
        );
        Add<ProcessAuthenticationContext, ChargePerson>(server, int.MaxValue - 1);

        // What a request may ask.
        Add<ProcessAuthenticationContext, Arrival>(server, int.MinValue + 1);
        Add<ProcessAuthenticationContext, NamePresented>(server, int.MinValue + 1);
        Add<ProcessAuthenticationContext, RequireGenuineHint>(
            server,
            Engines.EvaluateValidatedTokens.Descriptor.Order + 1
        );
        Add<ValidateAuthorizationRequestContext, RefuseUnsupported>(server, int.MinValue + 1);
        Add<ValidatePushedAuthorizationRequestContext, RefuseUnsupported>(server, int.MinValue + 1);
        Add<ValidateAuthorizationRequestContext, RequireSoundPkce>(server, int.MinValue + 2);
        Add<ValidatePushedAuthorizationRequestContext, RequireSoundPkce>(server, int.MinValue + 2);
        Add<ValidateTokenRequestContext, RequireSoundPkce>(
            server,
            Engines.Exchange.ValidateProofKeyForCodeExchangeRequirement.Descriptor.Order + 1
        );
        Add<ValidateAuthorizationRequestContext, RequireClientScopes>(
            server,
            Engines.Authentication.ValidateGrantTypePermissions.Descriptor.Order - 1
        );
        Add<ValidatePushedAuthorizationRequestContext, RequireClientScopes>(
            server,
            Engines.Authentication.ValidatePushedGrantTypePermissions.Descriptor.Order - 1
        );
        Add<ValidateTokenRequestContext, RequireClientScopes>(
            server,
            Engines.Exchange.ValidateGrantTypePermissions.Descriptor.Order - 1
        );
        Replace<ValidateTokenRequestContext, RequireGrantedScopes>(
            server,
            Engines.Exchange.ValidateGrantedScopes.Descriptor
        );
        Replace<ValidateRevocationRequestContext, RequireOwnToken>(
            server,
            Engines.Revocation.ValidateAuthorizedParty.Descriptor
        );
        Replace<ValidateIntrospectionRequestContext, HideOtherTokens>(
            server,
            Engines.Introspection.ValidateTokenType.Descriptor
        );

        // Whether a token is still good: by itself, by its own row, then by what its family hangs on.
        Replace<ValidateTokenContext, FindByValue>(
            server,
            Engines.Protection.ValidateReferenceTokenIdentifier.Descriptor
        );
        Add<ValidateTokenContext, RecallVerified>(
            server,
            Engines.Protection.ValidateIdentityModelToken.Descriptor.Order - 1
        );
        Add<ValidateTokenContext, RecallVerified>(
            server,
            Engines.Protection.ValidateIdentityModelToken.Descriptor.Order + 1
        );
        Replace<ValidateTokenContext, RestoreFromRow>(
            server,
            Engines.Protection.RestoreTokenEntryProperties.Descriptor
        );
        Add<ValidateTokenContext, RequireSoundToken>(
            server,
            Engines.Protection.RestoreTokenEntryProperties.Descriptor.Order + 1
        );
        Replace<ValidateTokenContext, ValidateTokenState>(
            server,
            Engines.Protection.ValidateTokenEntry.Descriptor
        );
        Replace<ValidateTokenContext, ValidateFamily>(
            server,
            Engines.Protection.ValidateAuthorizationEntry.Descriptor
        );

        // What a sign-in writes: all of it or nothing, and each token used up once.
        Replace<ProcessSignInContext, RedeemOnce>(server, Engines.RedeemTokenEntry.Descriptor);
        Add<ProcessSignInContext, AddressApis>(server, Engines.InferResources.Descriptor.Order - 1);
        Add<ProcessSignInContext, AnswerRetry>(server, Engines.EvaluateGeneratedTokens.Descriptor.Order + 1);
        Add<ProcessSignInContext, NarrowAccessToken>(
            server,
            Engines.PrepareAccessTokenPrincipal.Descriptor.Order + 1
        );
        // After the last token was made: the engine's custom parameters have the order of the first.
        Add<ProcessSignInContext, WriteIssue>(server, Engines.AttachSignInParameters.Descriptor.Order + 1);
        Add<ProcessSignInContext, RequireStandingConsent>(
            server,
            Engines.AttachSignInParameters.Descriptor.Order + 2
        );

        // How a token is made.
        Add<GenerateTokenContext, ChooseSigningKey>(
            server,
            Engines.Protection.AttachSecurityCredentials.Descriptor.Order + 1
        );
        Add<GenerateTokenContext, SealPayload>(
            server,
            Engines.Protection.GenerateIdentityModelToken.Descriptor.Order - 1
        );
        Replace<GenerateTokenContext, StageToken>(server, Engines.Protection.CreateTokenEntry.Descriptor);
        Replace<GenerateTokenContext, AttachReference>(
            server,
            Engines.Protection.AttachTokenPayload.Descriptor
        );

        // What an answer says.
        Add<ApplyAuthorizationResponseContext, AnswerAtClient>(
            server,
            Engines.Authentication.AttachRedirectUri.Descriptor.Order + 1
        );
        Replace<HandleRevocationRequestContext, RevokeFamily>(
            server,
            Engines.Revocation.RevokeToken.Descriptor
        );
        Add<ApplyPushedAuthorizationResponseContext, PushedRequestLifetime>(server, int.MinValue + 1);
        Add<HandleConfigurationRequestContext, DescribeOurselves>(
            server,
            Engines.Discovery.AttachAdditionalMetadata.Descriptor.Order + 1
        );
        Add<HandleIntrospectionRequestContext, TellScopes>(
            server,
            Engines.Introspection.AttachApplicationClaims.Descriptor.Order + 1
        );
        Add<ApplyIntrospectionResponseContext, RecordIntrospection>(server, order: 1);
        Add<ApplyTokenResponseContext, CountAnswer>(server, order: 1);
        InstallRefusals(server);
    }

    private static void InstallRefusals(OpenIddictServerBuilder server)
    {
        Tell<ApplyAuthorizationResponseContext>(server);
        Tell<ApplyPushedAuthorizationResponseContext>(server);
        Tell<ApplyTokenResponseContext>(server);
        Tell<ApplyIntrospectionResponseContext>(server);
        Tell<ApplyRevocationResponseContext>(server);
        Tell<ApplyUserInfoResponseContext>(server);
        Tell<ApplyEndSessionResponseContext>(server);
        Tell<ApplyConfigurationResponseContext>(server);
        Tell<ApplyJsonWebKeySetResponseContext>(server);
        Add<ApplyUserInfoResponseContext, NameMissingToken>(
            server,
            Hosts.AttachWwwAuthenticateHeader<ApplyUserInfoResponseContext>.Descriptor.Order + 1
        );
    }

    // After the engine has settled the error, before it makes a status and a challenge of it.
    private static void Tell<TContext>(OpenIddictServerBuilder server)
        where TContext : BaseRequestContext
    {
        Add<TContext, TellReference<TContext>>(server, order: 0);
        Add<TContext, RecordRefusal<TContext>>(server, order: 1);
    }

    private static void Add<TContext, THandler>(OpenIddictServerBuilder server, int order)
        where TContext : BaseContext
        where THandler : class, IOpenIddictServerHandler<TContext> =>
        server.AddEventHandler<TContext>(handler => handler.UseScopedHandler<THandler>().SetOrder(order));

    private static void Replace<TContext, THandler>(
        OpenIddictServerBuilder server,
        OpenIddictServerHandlerDescriptor descriptor
    )
        where TContext : BaseContext
        where THandler : class, IOpenIddictServerHandler<TContext>
    {
        server.RemoveEventHandler(descriptor);
        server.AddEventHandler<TContext>(handler =>
            handler.UseScopedHandler<THandler>().SetOrder(descriptor.Order)
        );
    }
}
