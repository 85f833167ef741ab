using System.Security.Cryptography;
using System.Text;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server.AspNetCore;

namespace AuthServer.Tests.Edge;

public class SecurityHeadersTests(FaultyServer server) : IClassFixture<FaultyServer>
{
    [Theory]
    [Trait("Requirement", "C-71")]
    [InlineData("", 200)]
    [InlineData("health/live", 200)]
    [InlineData("site.css", 200)]
    [InlineData("?a=%00", 400)]
    [InlineData("nothing", 404)]
    [InlineData("api/nothing", 404)]
    [InlineData("account/malformed", 408)]
    [InlineData("account/defect", 500)]
    [InlineData("connect/token/defect", 500)]
    [InlineData("account/database", 503)]
    public async Task Every_answer_carries_them_whatever_its_status(string path, int status)
    {
        using var answer = await server.Http.GetAsync(path);

        Assert.Equal(status, (int)answer.StatusCode);
        var policy = HeaderOf(answer, "Content-Security-Policy");
        Assert.StartsWith("default-src 'none'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'; base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", HeaderOf(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", HeaderOf(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", HeaderOf(answer, "Cross-Origin-Opener-Policy"));
        Assert.Contains("camera=()", HeaderOf(answer, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [Trait("Requirement", "C-71")]
    [InlineData("PUT", "account/login", 405)]
    [InlineData("OPTIONS", "connect/token", 400)]
    [InlineData("GET", "busy", 429)]
    [InlineData("GET", "connect/userinfo", 401)]
    [InlineData("POST", "api/account/register", 415)]
    [InlineData("GET", "LONG", 414)]
    [InlineData("GET", "WIDE", 431)]
    [InlineData("POST", "BIG", 413)]
    public async Task Refusals_that_seldom_happen_carry_them_too(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            path == "LONG" ? new string('x', 20_000) : path
        );
        if (path == "WIDE")
        {
            request.Headers.Add("X-Long", new string('x', 17_000));
        }

        if (path == "BIG")
        {
            request.Content = new StringContent(new string('x', 70_000), null, Wire.Form);
            request.Headers.ExpectContinue = true;
        }

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(
            "object-src 'none'",
            HeaderOf(answer, "Content-Security-Policy"),
            StringComparison.Ordinal
        );
        Assert.Equal("nosniff", HeaderOf(answer, "X-Content-Type-Options"));
        Assert.Equal("same-origin", HeaderOf(answer, "Cross-Origin-Opener-Policy"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [Trait("Requirement", "C-12")]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("connect/authorize/engine")]
    public async Task A_page_cannot_be_framed(string path)
    {
        using var answer = await server.Http.GetAsync(path);

        Assert.Equal("DENY", HeaderOf(answer, "X-Frame-Options"));
        Assert.Contains(
            "frame-ancestors 'none'",
            HeaderOf(answer, "Content-Security-Policy"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [Trait("Requirement", "C-73")]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("echo")]
    [InlineData("api/defect")]
    public async Task What_says_nothing_about_caching_is_not_stored(string path)
    {
        using var answer = await server.Http.GetAsync(path);

        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Only_the_script_of_form_post_runs_and_only_where_the_engine_writes_it()
    {
        const string script = "document.form.submit();";
        var engine = await File.ReadAllBytesAsync(
            typeof(OpenIddictServerAspNetCoreHandlers).Assembly.Location
        );
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

        using var there = await server.Http.GetAsync("connect/authorize");
        using var elsewhere = await server.Http.GetAsync("connect/consent");

        Assert.True(engine.AsSpan().IndexOf(Encoding.Unicode.GetBytes($"<script>{script}</script>")) > 0);
        Assert.EndsWith(
            $"script-src 'sha256-{hash}'",
            HeaderOf(there, "Content-Security-Policy"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "script",
            HeaderOf(elsewhere, "Content-Security-Policy"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_TLS_the_host_is_not_pinned_to_it()
    {
        using var answer = await server.Http.GetAsync("");

        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    internal static string HeaderOf(HttpResponseMessage answer, string name) =>
        Assert.Single(answer.Headers.GetValues(name));
}

public class SecureIssuerTests(SecureIssuerTests.SecureServer server)
    : IClassFixture<SecureIssuerTests.SecureServer>
{
    [Theory]
    [Trait("Requirement", "C-71")]
    [InlineData("")]
    [InlineData("nothing")]
    public async Task An_issuer_with_https_pins_its_host_to_TLS_for_a_year(string path)
    {
        using var answer = await server.Http.GetAsync(path);

        Assert.Equal(
            "max-age=31536000; includeSubDomains",
            SecurityHeadersTests.HeaderOf(answer, "Strict-Transport-Security")
        );
    }

    [Fact]
    [Trait("Requirement", "C-68")]
    public async Task Every_cookie_of_a_visit_is_bound_to_the_host_to_TLS_and_to_no_script()
    {
        using var browser = new Browser(server);
        await server.NewPersonAsync("Ada");
        Page[] visit =
        [
            await browser.GetAsync("account/register"),
            await browser.GetAsync("account/login"),
            await browser.SignInAsync(),
            await browser.GetAsync(RelyingParty.Partner(server).AuthorizeUrl()),
            await browser.GetAsync("account/logout"),
        ];

        var cookies = visit
            .SelectMany(page => page.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            .ToList();
        Assert.Contains(cookies, cookie => cookie.StartsWith("__Host-session=", StringComparison.Ordinal));
        Assert.Contains(cookies, cookie => cookie.StartsWith("__Host-csrf=", StringComparison.Ordinal));
        Assert.All(
            cookies,
            cookie =>
            {
                Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
                Assert.Contains("; path=/;", cookie, StringComparison.Ordinal);
                Assert.Contains("; secure;", cookie, StringComparison.Ordinal);
                Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
                Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
                Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
                Assert.InRange(cookie.Length, 1, 4096);
            }
        );
    }

    [Fact]
    [Trait("Requirement", "C-68")]
    public void The_cookie_of_forms_is_bound_to_the_host_and_to_TLS()
    {
        var cookie = server.Services.GetRequiredService<IOptions<AntiforgeryOptions>>().Value.Cookie;

        Assert.Equal("__Host-csrf", cookie.Name);
        Assert.Equal(CookieSecurePolicy.Always, cookie.SecurePolicy);
        Assert.True(cookie.HttpOnly);
        Assert.Null(cookie.Domain);
    }

    public sealed class SecureServer : Server
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Issuer", "https://auth.example.org/")];
    }
}

public class PreloadTests(PreloadTests.PreloadedServer server) : IClassFixture<PreloadTests.PreloadedServer>
{
    [Fact]
    [Trait("Requirement", "C-71")]
    public async Task Naming_the_host_lets_browsers_build_it_in()
    {
        using var answer = await server.Http.GetAsync("");

        Assert.Equal(
            "max-age=31536000; includeSubDomains; preload",
            SecurityHeadersTests.HeaderOf(answer, "Strict-Transport-Security")
        );
    }

    public sealed class PreloadedServer : Server
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Issuer", "https://auth.example.org/"), new("Hsts:PreloadFor", "auth.example.org")];
    }
}
