using Duende.IdentityModel.OidcClient.Browser;

namespace AuthServer.Tests.RelyingParties;

/// <summary>What a native application opens for OidcClient, with a person before it who signs in when asked.</summary>
internal sealed class PersonBrowser : IBrowser, IDisposable
{
    private readonly Person _person = new();

    public async Task<BrowserResult> InvokeAsync(
        BrowserOptions options,
        CancellationToken cancellationToken = default
    )
    {
        var end = string.IsNullOrEmpty(options.EndUrl) ? null : options.EndUrl;
        var view = await _person.OpenAsync(new Uri(options.StartUrl), end);
        if (view.Address.AbsolutePath == "/account/login")
        {
            view = await _person.SignInAsync(view, end);
        }

        return new BrowserResult
        {
            ResultType = BrowserResultType.Success,
            Response = view.Address.AbsoluteUri,
        };
    }

    public void Dispose() => _person.Dispose();
}
