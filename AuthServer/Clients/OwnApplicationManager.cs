using AuthServer.Data;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace AuthServer.Clients;

/// <summary>
/// OpenIddict's manager with our own rule for redirect URIs: its own knows <c>localhost</c> and https as loopback
/// too, and normalizes before it compares. A secret is checked the slow way once (<see cref="ProvenSecrets"/>).
/// </summary>
internal sealed class OwnApplicationManager(
    IOpenIddictApplicationCache<Application> cache,
    ILogger<OpenIddictApplicationManager<Application>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<Application> store,
    ProvenSecrets proven
) : OpenIddictApplicationManager<Application>(cache, logger, options, store)
{
    public override async ValueTask<bool> ValidateRedirectUriAsync(
        Application application,
        string uri,
        CancellationToken cancellationToken = default
    )
    {
        var registered = await Store.GetRedirectUrisAsync(application, cancellationToken);
        // An app on a person's own device takes the port that it gets; a server knows its own.
        var isNative = application.ClientType == OpenIddictConstants.ClientTypes.Public;
        return registered.Any(candidate =>
            RedirectUri.IsSame(candidate, uri)
            || (isNative && RedirectUri.IsSameButForThePort(candidate, uri))
        );
    }

    public override async ValueTask<bool> ValidatePostLogoutRedirectUriAsync(
        Application application,
        string uri,
        CancellationToken cancellationToken = default
    )
    {
        var registered = await Store.GetPostLogoutRedirectUrisAsync(application, cancellationToken);
        return registered.Any(candidate => RedirectUri.IsSame(candidate, uri));
    }

    protected override async ValueTask<bool> ValidateClientSecretAsync(
        string secret,
        string comparand,
        CancellationToken cancellationToken = default
    )
    {
        if (proven.Holds(comparand, secret))
        {
            return true;
        }

        var isRight = await base.ValidateClientSecretAsync(secret, comparand, cancellationToken);
        if (isRight)
        {
            proven.Add(comparand, secret);
        }

        return isRight;
    }
}
