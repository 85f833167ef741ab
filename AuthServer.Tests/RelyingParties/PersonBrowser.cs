using AuthServer.Tests.Support;
using Duende.IdentityModel.OidcClient.Browser;

namespace AuthServer.Tests.RelyingParties;

/// <summary>What a native application opens for OidcClient, with a person before it who signs in when asked.</summary>
internal sealed class PersonBrowser(Server server) : IBrowser, IDisposable
{
    private readonly Browser _browser = new(server);

    public async Task<BrowserResult> InvokeAsync(
        BrowserOptions options,
        CancellationToken cancellationToken = default
    )
    {
        var end = string.IsNullOrEmpty(options.EndUrl) ? null : options.EndUrl;
        var page = await _browser.VisitAsync(options.StartUrl, end);
        if (page.Url.AbsolutePath == "/account/login")
        {
            page = await _browser.SignInOnAsync(page, end);
        }

        return new BrowserResult
        {
            ResultType = BrowserResultType.Success,
            Response = (page.Location ?? page.Url).AbsoluteUri,
        };
    }

    public void Dispose() => _browser.Dispose();
}
