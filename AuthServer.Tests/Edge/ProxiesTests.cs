using System.Globalization;
using System.Net;
using AuthServer.Audit;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Edge;

/// <summary>A server that nobody has told of a proxy: everybody speaks for themselves.</summary>
public class ProxiesTests(FaultyServer server) : IClassFixture<FaultyServer>
{
    [Fact]
    [Trait("Requirement", "C-57")]
    public async Task Whatever_addresses_somebody_claims_it_is_one_address()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 500; i++)
        {
            var claim =
                $"203.0.{(i / 250).ToString(CultureInfo.InvariantCulture)}.{(i % 250).ToString(CultureInfo.InvariantCulture)}";
            seen.Add(
                await server.AddressSeenAsync(("X-Forwarded-For", claim), ("Forwarded", $"for={claim}"))
            );
        }

        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(Assert.Single(seen))));
    }

    [Fact]
    [Trait("Requirement", "C-57")]
    public async Task Such_claims_are_recorded_together_and_not_one_by_one()
    {
        var keeper = server.Services.GetRequiredService<AuditKeeper>();

        for (var i = 0; i < 20; i++)
        {
            await server.AddressSeenAsync(("X-Forwarded-For", "203.0.113.7"));
        }

        server.Clock.Advance(TimeSpan.FromMinutes(2));
        await keeper.PassAsync(isLast: false, default);
        var rows = await server.WithDbAsync(db =>
            db.Audit.AsNoTracking().Where(row => row.Event == "security.header_spoof").ToListAsync()
        );
        Assert.InRange(rows.Sum(row => row.Count), 20, int.MaxValue);
        // Of the other tests of this class, too: each kind of header once, and once more with its count.
        Assert.InRange(rows.Count, 1, 14);
        Assert.DoesNotContain(rows, row => row.Address == "203.0.113.7");
    }

    [Theory]
    [Trait("Requirement", "C-64")]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("Forwarded", "host=evil.example;proto=https")]
    [InlineData("X-Original-URL", "/evil.example")]
    [InlineData("X-Rewrite-URL", "/evil.example")]
    [InlineData("X-Forwarded-Prefix", "/evil.example")]
    public Task The_issuer_alone_decides_where_links_lead(string header, string value) =>
        AssertOwnLinksAsync(server, header, value);

    internal static async Task AssertOwnLinksAsync(Server server, string header, string value)
    {
        foreach (
            var path in new[]
            {
                ".well-known/openid-configuration",
                ".well-known/oauth-authorization-server",
                "connect/authorize?client_id=shop-spa&redirect_uri=http://localhost:5173/callback&response_type=code&scope=openid&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
                "account/login",
                "nothing",
            }
        )
        {
            using var plain = await server.Http.GetAsync(path);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await server.Http.SendAsync(request);

            Assert.Equal(plain.StatusCode, answer.StatusCode);
            Assert.Equal(PathOf(plain.Headers.Location), PathOf(answer.Headers.Location));
            Assert.DoesNotContain(
                "evil.example",
                $"{answer.Headers}{await answer.Content.ReadAsStringAsync()}",
                StringComparison.Ordinal
            );
        }

        var email = await RegisterAsync(server, header, value);
        var letter = await new Inbox(server).ReceiveAsync(email, "Confirm your address");
        Assert.Contains(server.Address.ToString(), letter, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", letter, StringComparison.Ordinal);
    }

    // The code differs from answer to answer, not where it goes.
    private static string? PathOf(Uri? location) => location?.OriginalString.Split('?')[0];

    private static async Task<string> RegisterAsync(Server server, string header, string value)
    {
        var email = $"links{Guid.NewGuid():N}@example.org";
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/account/register");
        request.Headers.TryAddWithoutValidation(header, value);
        request.Content = System.Net.Http.Json.JsonContent.Create(
            new
            {
                email,
                password = People.Password,
                name = "Ada",
            }
        );
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return email;
    }
}

/// <summary>A server behind a proxy on this machine, and another one in 10.0.0.0/8.</summary>
public class KnownProxyTests(KnownProxyTests.ProxiedServer server)
    : IClassFixture<KnownProxyTests.ProxiedServer>
{
    [Theory]
    [Trait("Requirement", "C-57")]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7")]
    [InlineData("127.0.0.1, 203.0.113.7, 10.1.2.3, 10.4.5.6", "203.0.113.7")]
    [InlineData("10.9.9.9, 203.0.113.7:4711", "203.0.113.7")]
    [InlineData("203.0.113.7, 2001:db8::7", "2001:db8::7")]
    [InlineData("203.0.113.7, ::ffff:10.1.2.3", "203.0.113.7")]
    public async Task The_last_address_that_is_no_proxy_is_the_clients(string forwarded, string client)
    {
        Assert.Equal(client, await server.AddressSeenAsync(("X-Forwarded-For", forwarded)));
    }

    [Theory]
    [Trait("Requirement", "C-57")]
    [InlineData("nonsense")]
    [InlineData("203.0.113.7, nonsense")]
    public async Task What_is_no_address_ends_the_search(string forwarded)
    {
        var address = await server.AddressSeenAsync(("X-Forwarded-For", forwarded));

        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(address)));
    }

    [Theory]
    [Trait("Requirement", "C-64")]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("Forwarded", "host=evil.example;proto=https")]
    [InlineData("X-Forwarded-Proto", "https, evil.example")]
    [InlineData("X-Forwarded-Prefix", "/evil.example")]
    public Task Not_even_a_proxy_decides_where_links_lead(string header, string value) =>
        ProxiesTests.AssertOwnLinksAsync(server, header, value);

    public sealed class ProxiedServer : FaultyServer
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [
                new("Proxies:Known:0", "127.0.0.1"),
                new("Proxies:Known:1", "::1"),
                new("Proxies:Known:2", "10.0.0.0/8"),
            ];
    }
}

internal static class AddressSeen
{
    /// <summary>Whom the server takes for the sender of a request with these headers.</summary>
    public static async Task<string> AddressSeenAsync(
        this Server server,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "address");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await server.Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
