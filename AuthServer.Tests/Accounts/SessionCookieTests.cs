using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Accounts;

/// <summary>A server whose issuer is https, behind a proxy that ends TLS.</summary>
public sealed class TlsServer : Server
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [KeyValuePair.Create("Issuer", "https://login.example/")];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter, Proxy>());
    }

    private sealed class Proxy : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.Use(
                    (http, rest) =>
                    {
                        http.Request.Scheme = "https";
                        return rest(http);
                    }
                );
                next(app);
            };
    }
}

[Trait("Requirement", "C-68")]
public class SessionCookieTests(TlsServer tls) : IClassFixture<TlsServer>
{
    [Fact]
    public async Task Under_an_https_issuer_the_cookie_is_bound_to_this_host_and_to_TLS()
    {
        using var browser = new Browser(tls);

        var cookie = Cookie(await browser.SignInAsync(), "__Host-session=");

        Assert.InRange(cookie.Length, 1, 4096);
        var flags = cookie.Split("; ").Skip(1).Order(StringComparer.Ordinal);
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], flags);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_cookie_that_was_changed_signs_nobody_in()
    {
        using var browser = new Browser(tls);
        await browser.SignInAsync();
        var cookie = browser.Cookies["__Host-session"];
        var middle = cookie.Length / 2;

        browser.Cookies["__Host-session"] =
            cookie[..middle] + (cookie[middle] == 'A' ? 'B' : 'A') + cookie[(middle + 1)..];

        Assert.False(await browser.IsSignedInAsync());
    }

    private static string Cookie(Page page, string start) =>
        page
            .Headers.GetValues("Set-Cookie")
            .Single(cookie => cookie.StartsWith(start, StringComparison.Ordinal));
}
