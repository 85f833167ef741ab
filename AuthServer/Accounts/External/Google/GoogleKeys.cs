using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Accounts.External.Google;

/// <summary>The keys that sign Google's ID tokens, fetched once an hour.</summary>
internal sealed class GoogleKeys(IOptions<ExternalOptions> options, OutboundHttp outbound)
{
    private readonly ConfigurationManager<JsonWebKeySet> _keys = new(
        options.Value.Google.KeysEndpoint,
        new Reader(),
        new HttpDocumentRetriever(outbound.Client)
        {
            RequireHttps = !new Uri(options.Value.Google.KeysEndpoint).IsLoopback,
        }
    )
    {
        AutomaticRefreshInterval = TimeSpan.FromHours(1),
    };

    /// <summary>As known now; the first time they are waited for.</summary>
    /// <exception cref="InvalidOperationException">They cannot be had.</exception>
    public async Task<IEnumerable<SecurityKey>> GetAsync(CancellationToken cancellation) =>
        (await _keys.GetConfigurationAsync(cancellation)).GetSigningKeys();

    /// <summary>Has them fetched anew, at most once in five minutes: a token names one that is not known.</summary>
    public void Refresh() => _keys.RequestRefresh();

    private sealed class Reader : IConfigurationRetriever<JsonWebKeySet>
    {
        public async Task<JsonWebKeySet> GetConfigurationAsync(
            string address,
            IDocumentRetriever retriever,
            CancellationToken cancel
        ) => new(await retriever.GetDocumentAsync(address, cancel));
    }
}
