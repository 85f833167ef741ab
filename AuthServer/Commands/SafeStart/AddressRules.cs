using System.Net;
using static AuthServer.Commands.SafeStart.Rule;

namespace AuthServer.Commands.SafeStart;

/// <summary>Who we are to the outside, and whom we believe about it.</summary>
internal static class AddressRules
{
    public static readonly IReadOnlyList<Rule> All =
    [
        new("G-01", "Issuer", "no address", AbsentIssuer) { IsAllowedInTrial = true },
        new("G-01", "Issuer", "http, or this machine only", PlainIssuer) { Flag = "AllowHttpIssuer" },
        Always("G-01", "Issuer", "a path, a query, a fragment, or no URL at all"),
        Always("G-05", "Cors:AllowedOrigins", "'*', 'null', or an origin with a path"),
        new("G-05", "Cors:AllowedOrigins", "an origin over http", PlainOrigins) { Flag = "AllowHttpOrigins" },
        Always("G-07", "Proxies:Known", "what is neither an address nor a network"),
        new("G-07", "Proxies:Known", "a network that holds half the world", WideProxies),
        new("G-07", "ForwardedHeaders_Enabled", "headers of proxies believed from anybody", AnyProxy),
        new("G-08", "AllowedHosts", "'*'", AnyHost),
        new("G-14", "Proxies:Known", "an https issuer while nothing here or before us speaks TLS", NoTls)
        {
            Flag = "AllowUndeclaredProxy",
        },
        Always(
            "G-19",
            "Hsts:PreloadFor",
            "preload for another host than that of Issuer; it always includes subdomains"
        ),
    ];

    private static IEnumerable<string> AbsentIssuer(Facts facts) =>
        When(
            facts.Text("Issuer").Length == 0,
            "Issuer is not set: set it to the https address that people, clients and APIs use, such as 'https://login.example.com/'."
        );

    private static IEnumerable<string> PlainIssuer(Facts facts) =>
        Uri.TryCreate(facts.Text("Issuer"), UriKind.Absolute, out var issuer)
            ? When(
                issuer.Scheme != Uri.UriSchemeHttps || issuer.IsLoopback,
                $"Issuer is '{issuer}', which sends passwords and tokens in the clear or is reached from this machine only: set it to the https address that people, clients and APIs use."
            )
            : [];

    private static IEnumerable<string> PlainOrigins(Facts facts) =>
        facts
            .List("Cors:AllowedOrigins")
            .Where(origin => origin.Value?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true)
            .Select(origin =>
                $"{origin.Path} is '{origin.Value}', whose pages anybody on the way can change: serve them over https and write that origin."
            );

    private static IEnumerable<string> WideProxies(Facts facts) =>
        facts
            .List("Proxies:Known")
            .Where(known => IsWide(known.Value))
            .Select(known =>
                $"{known.Path} is '{known.Value}', so nearly anybody could pass for anybody: list the addresses of your proxies."
            );

    private static IEnumerable<string> AnyProxy(Facts facts) =>
        When(
            facts.Is("ForwardedHeaders_Enabled"),
            "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes the headers of anybody: remove it and list your proxies in Proxies:Known."
        );

    private static IEnumerable<string> AnyHost(Facts facts) =>
        When(
            facts.Text("AllowedHosts").Split(';').Contains("*"),
            "AllowedHosts is '*', which says that any name is ours: remove it (Issuer alone decides what we are called), or list the names that requests come with."
        );

    private static IEnumerable<string> NoTls(Facts facts) =>
        When(
            facts.Text("Issuer").StartsWith("https:", StringComparison.OrdinalIgnoreCase)
                && !SpeaksTls(facts)
                && !facts.List("Proxies:Known").Any(),
            "Proxies:Known is empty, yet Issuer is https and this server listens on http only: list the address of the proxy that ends TLS, or listen on https yourself (ASPNETCORE_URLS)."
        );

    private static bool SpeaksTls(Facts facts) =>
        facts.Text("urls").Contains("https:", StringComparison.OrdinalIgnoreCase)
        || facts.Text("https_ports").Length > 0
        || facts
            .List("Kestrel:Endpoints")
            .Any(endpoint =>
                endpoint["Url"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true
            );

    // The widest networks that one party can own: 10.0.0.0/8 and fc00::/7.
    private static bool IsWide(string? text) =>
        IPNetwork.TryParse(text, out var network)
        && network.PrefixLength < (network.BaseAddress.GetAddressBytes().Length == 4 ? 8 : 7);
}
