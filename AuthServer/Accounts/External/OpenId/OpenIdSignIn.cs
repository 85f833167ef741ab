using System.Text.Encodings.Web;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpenIddict.Client.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using Properties = OpenIddict.Client.AspNetCore.OpenIddictClientAspNetCoreConstants.Properties;

namespace AuthServer.Accounts.External.OpenId;

/// <summary>
/// The handler of one provider: has the engine speak with it, and turns what the engine has proved into an
/// <see cref="ExternalIdentity"/>. Its callback is <c>/account/external/callback/</c> and the provider's id.
/// </summary>
internal sealed partial class OpenIdSignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IEnumerable<ExternalProvider> providers,
    IAuthenticationHandlerProvider handlers,
    IdTokenIdentity idTokens,
    GitHubIdentity gitHub
)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder),
        IAuthenticationRequestHandler
{
    private const string Engine = OpenIddictClientAspNetCoreDefaults.AuthenticationScheme;

    private ExternalProvider Provider => providers.First(provider => provider.Scheme == Scheme.Name);

    public async Task<bool> HandleRequestAsync()
    {
        // The engine takes the path with a slash at its end, too.
        var isOurs = string.Equals(
            Request.Path.Value?.TrimEnd('/'),
            $"/{Registrations.CallbackOf(Scheme.Name)}",
            StringComparison.OrdinalIgnoreCase
        );
        if (isOurs)
        {
            await AnswerAsync(ArriveAsync);
        }

        return isOurs;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(AuthenticateResult.NoResult());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        properties.Items[Properties.RegistrationId] = Scheme.Name;
        if (Scheme.Name == ProviderIds.Apple)
        {
            StateCookie.Allow(Context);
        }
        else if (Scheme.Name is ProviderIds.Microsoft or ProviderIds.GitHub)
        {
            // People see, and choose, whose account it is; those two are known to understand.
            properties.SetParameter(Parameters.Prompt, "select_account");
        }

        return AnswerAsync(async () =>
        {
            await Context.ChallengeAsync(Engine, properties);
            return Error();
        });
    }

    private async Task<Trouble?> ArriveAsync()
    {
        var engine = (IAuthenticationRequestHandler)(await handlers.GetHandlerAsync(Context, Engine))!;
        await engine.HandleRequestAsync();
        if (Error() is { } error)
        {
            return error;
        }

        var arrived = await Context.AuthenticateAsync(Engine);
        if (!arrived.Succeeded)
        {
            return Trouble.Unusable("the answer cannot be used");
        }

        var (identity, refusal) =
            Scheme.Name == ProviderIds.GitHub
                ? await gitHub.ReadAsync(Provider, arrived.Properties, Context.RequestAborted)
                : idTokens.Read(Provider, arrived.Properties);
        if (identity is null)
        {
            return Trouble.Unusable(refusal);
        }

        var departed = Arrivals.Returned(arrived.Properties);
        await Context.SignInAsync(Arrivals.Scheme, identity.ToPrincipal(), departed);
        Response.Redirect(departed.RedirectUri!);
        return null;
    }

    private async Task AnswerAsync(Func<Task<Trouble?>> speak)
    {
        Trouble? trouble;
        try
        {
            trouble = await OutboundHttp.WithPatienceAsync(Context, speak);
        }
        catch (Exception failure) when (RemoteTrouble.IsSilence(failure))
        {
            Log.Failed(Logger, failure, Scheme.Name);
            trouble = Trouble.Silence;
        }

        if (trouble is not null)
        {
            await RemoteTrouble.RefuseAsync(Context, trouble);
        }
    }

    // The engine's descriptions are sentences of its own: nothing of what came from outside.
    private Trouble? Error() =>
        Context.GetOpenIddictClientResponse() switch
        {
            null or { Error: null or "" } => null,
            { Error: Errors.AccessDenied } => Trouble.Cancelled,
            { Error: Errors.ServerError or Errors.TemporarilyUnavailable } => Trouble.Silence,
            var response => Trouble.Unusable(response.ErrorDescription ?? response.Error),
        };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The provider {Provider} did not answer as it should.")]
        public static partial void Failed(ILogger logger, Exception failure, string provider);
    }
}
