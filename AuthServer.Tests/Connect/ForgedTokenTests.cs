using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace AuthServer.Tests.Connect;

[Trait("Requirement", "C-35")]
public sealed class ForgedTokenTests(Server server) : IClassFixture<Server>, IDisposable
{
    private readonly RelyingParty _spa = RelyingParty.Spa(server);
    private readonly TcpListener _trap = new(IPAddress.Loopback, Ports.Next());
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);

    private delegate string Forgery(ForgedTokenTests forger, Genuine genuine);

    private static readonly Dictionary<string, Forgery> Forgeries = new(StringComparer.Ordinal)
    {
        ["alg none"] = (_, it) => Unsigned(it, "none"),
        ["alg None"] = (_, it) => Unsigned(it, "None"),
        ["alg NONE"] = (_, it) => Unsigned(it, "NONE"),
        ["alg nOnE"] = (_, it) => Unsigned(it, "nOnE"),
        ["alg none with a space"] = (_, it) => Unsigned(it, "none "),
        ["alg empty"] = (_, it) => Unsigned(it, ""),
        ["alg missing"] = (_, it) => Unsigned(it, null),
        ["alg none with the old signature"] = (_, it) => Unsigned(it, "none") + it.Signature,
        ["signature stripped"] = (_, it) => $"{it.Token[..it.Token.LastIndexOf('.')]}.",
        ["signature and its dot stripped"] = (_, it) => it.Token[..it.Token.LastIndexOf('.')],
        ["signature of zeros"] = (_, it) => Join(it.Header, it.Claims, new byte[64]),
        ["signature cut"] = (_, it) => it.Token[..^8],
        ["signature of another token"] = (_, it) =>
            it.Token[..(it.Token.LastIndexOf('.') + 1)] + it.OtherSignature,
        ["another sub"] = (_, it) => Altered(it, "sub", "somebody-else"),
        ["a wider scope"] = (_, it) => Altered(it, "scope", "openid profile email admin"),
        ["another aud"] = (_, it) => Altered(it, "aud", "admin-api"),
        ["another row"] = (_, it) => Altered(it, "oi_tkn_id", Guid.NewGuid().ToString()),
        ["HS256 with the EC key as PEM"] = (_, it) => Hmac(it, Encoding.ASCII.GetBytes(it.EcPem)),
        ["HS256 with the EC key as JWK"] = (_, it) =>
            Hmac(it, Encoding.ASCII.GetBytes(it.EcJwk.ToJsonString())),
        ["HS256 with the EC point"] = (_, it) => Hmac(it, it.EcPoint),
        ["HS256 with the RSA key as PEM"] = (_, it) =>
            Hmac(it, Encoding.ASCII.GetBytes(it.RsaPem), it.RsaKid),
        ["HS256 with the RSA modulus"] = (_, it) => Hmac(it, it.RsaModulus, it.RsaKid),
        ["HS256 with an empty key"] = (_, it) => Hmac(it, []),
        ["RS256 under the kid of the EC key"] = (me, it) => me.Rsa(it, it.EcKid),
        ["RS256 under the kid of the RSA key"] = (me, it) => me.Rsa(it, it.RsaKid),
        ["ES256 under the kid of the RSA key"] = (me, it) => me.Ecdsa(it, it.RsaKid),
        ["ES256 under the kid of the EC key"] = (me, it) => me.Ecdsa(it, it.EcKid),
        ["the genuine signature called RS256"] = (_, it) => Relabelled(it, "RS256"),
        ["the genuine signature called ES512"] = (_, it) => Relabelled(it, "ES512"),
        ["embedded jwk"] = (me, it) => me.Ecdsa(it, "mine", ("jwk", me.OwnJwk("mine"))),
        ["embedded jwk under our kid"] = (me, it) => me.Ecdsa(it, it.EcKid, ("jwk", me.OwnJwk(it.EcKid))),
        ["jku"] = (me, it) => me.Ecdsa(it, "mine", ("jku", me.TrapUrl)),
        ["x5u"] = (me, it) => me.Rsa(it, "mine", ("x5u", me.TrapUrl)),
        ["x5c"] = (me, it) => me.Rsa(it, "mine", ("x5c", new JsonArray(me.OwnCertificate()))),
        ["kid that climbs"] = (me, it) => me.Ecdsa(it, "../../../../../../dev/null"),
        ["kid with SQL"] = (me, it) => me.Ecdsa(it, "' UNION SELECT 'AAAA' --"),
        ["kid with NUL"] = (me, it) => me.Ecdsa(it, it.EcKid + "\0"),
        ["kid that is a URL"] = (me, it) => me.Ecdsa(it, me.TrapUrl),
        ["kid unknown"] = (me, it) => me.Ecdsa(it, "nobody-knows-this-key"),
        ["kid empty"] = (me, it) => me.Ecdsa(it, ""),
        ["kid missing"] = (me, it) => me.Ecdsa(it, null),
        ["kid a number"] = (me, it) => me.Ecdsa(it, null, ("kid", 7)),
        ["kid a list"] = (me, it) => me.Ecdsa(it, null, ("kid", new JsonArray("a", "b"))),
        ["header deeply nested"] = (me, it) => me.Ecdsa(it, it.EcKid, ("deep", Nested(60))),
        ["header too deeply nested"] = (_, it) =>
            $"{Encode(new string('[', 2000))}.{Encode(it.Claims)}.{it.Signature}",
        ["header no JSON"] = (_, it) => $"{Encode("\"\\ud800")}.{Encode(it.Claims)}.{it.Signature}",
        ["header with the alg twice"] = (_, it) =>
            $"{Encode($$"""{"alg":"ES256","alg":"none","typ":"at+jwt","kid":"{{it.EcKid}}"}""")}.{Encode(it.Claims)}.",
        ["encrypted to our signing key"] = (_, it) => EncryptedToRsa(it),
        ["encrypted by PBES2 a billion times"] = (_, it) =>
            $"{Encode("""{"alg":"PBES2-HS512+A256KW","enc":"A256CBC-HS512","p2c":2147483647,"p2s":"AAAA","typ":"JWT"}""")}.AAAA.AAAA.AAAA.AAAA",
        ["encrypted directly"] = (_, it) =>
            $"{Encode("""{"alg":"dir","enc":"A128CBC-HS256","zip":"DEF","typ":"JWT"}""")}..AAAA.AAAA.AAAA",
        // With a key of ours, which nobody else has: the signature is good, and what it signs is not.
        ["of our own key, as a plain JWT"] = (me, it) => me.SignedByUs(it, "JWT"),
        ["of our own key, without a type"] = (me, it) => me.SignedByUs(it, ""),
        ["of our own key, as another kind"] = (me, it) => me.SignedByUs(it, "logout+jwt"),
        ["of our own key, by another issuer"] = (me, it) =>
            me.SignedByUs(it, "at+jwt", ("iss", "https://evil.example/")),
        ["of our own key, without an issuer"] = (me, it) => me.SignedByUs(it, "at+jwt", ("iss", null)),
        ["of our own key, long expired"] = (me, it) =>
            me.SignedByUs(it, "at+jwt", ("oi_tkn_id", null), ("exp", 1_000_000_000)),
        ["of our own key, without a name of its own"] = (me, it) =>
            me.SignedByUs(it, "at+jwt", ("oi_tkn_id", null)),
        ["of our own key, of a family that is not there"] = (me, it) =>
            me.SignedByUs(it, "at+jwt", ("oi_au_id", Guid.NewGuid().ToString())),
        ["of our own key, of no family and of a client that is not there"] = (me, it) =>
            me.SignedByUs(it, "at+jwt", ("oi_au_id", null), ("client_id", "nobody")),
    };

    public static TheoryData<string> Names => [.. Forgeries.Keys];

    private string TrapUrl => $"http://{_trap.LocalEndpoint}/keys";

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_forged_token_opens_nothing_and_calls_nobody(string name)
    {
        _trap.Start();
        var forged = Forgeries[name](this, await GenuineAsync());

        var userInfo = await _spa.UserInfoAsync(forged);
        var introspection = await RelyingParty.OrdersApi(server).IntrospectAsync(forged);
        var logout = await new Browser(server).GetAsync(
            $"connect/logout?id_token_hint={Uri.EscapeDataString(forged)}"
        );

        Refused.As(userInfo, HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal("Bearer", Assert.Single(userInfo.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("{\"active\":false}", System.Text.Json.JsonSerializer.Serialize(introspection.Json));
        Assert.Equal(HttpStatusCode.BadRequest, logout.Status);
        Assert.False(_trap.Pending(), "It called an address that the token named.");
    }

    [Fact]
    public async Task The_forger_knows_the_trade()
    {
        var genuine = await GenuineAsync();

        var again = SignedByUs(genuine, "at+jwt");

        Assert.Equal(HttpStatusCode.OK, (await _spa.UserInfoAsync(again)).Status);
        Assert.True(await server.IsActiveAsync(again));
    }

    public void Dispose()
    {
        _trap.Dispose();
        _ecdsa.Dispose();
        _rsa.Dispose();
    }

    private async Task<Genuine> GenuineAsync()
    {
        var browser = await server.SignedInAsync();
        var token = (await _spa.SignInAsync(browser))["access_token"];
        var other = (await _spa.SignInAsync(browser))["access_token"];
        var keys = JsonNode.Parse(await server.Http.GetStringAsync(".well-known/jwks"))!["keys"]!.AsArray();
        return new Genuine(
            token,
            other,
            keys.First(key => key!["kty"]!.ToString() == "EC")!,
            keys.First(key => key!["kty"]!.ToString() == "RSA")!
        );
    }

    private static string Encode(string text) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(text));

    private static string Encode(JsonNode json) => Encode(json.ToJsonString());

    private static string Join(JsonNode header, JsonNode claims, byte[] signature) =>
        $"{Encode(header)}.{Encode(claims)}.{WebEncoders.Base64UrlEncode(signature)}";

    private static string Sign(JsonNode header, JsonNode claims, Func<byte[], byte[]> sign) =>
        Join(header, claims, sign(Encoding.ASCII.GetBytes($"{Encode(header)}.{Encode(claims)}")));

    private static JsonObject Changed(JsonNode json, params (string Name, JsonNode? Value)[] changes)
    {
        var changed = json.DeepClone().AsObject();
        foreach (var (name, value) in changes)
        {
            changed.Remove(name);
            if (value is not null)
            {
                changed[name] = value;
            }
        }

        return changed;
    }

    private static string Unsigned(Genuine genuine, string? algorithm) =>
        $"{Encode(Changed(genuine.Header, ("alg", algorithm)))}.{Encode(genuine.Claims)}.";

    private static string Altered(Genuine genuine, string claim, string value) =>
        $"{Encode(genuine.Header)}.{Encode(Changed(genuine.Claims, (claim, value)))}.{genuine.Signature}";

    private static string Relabelled(Genuine genuine, string algorithm) =>
        $"{Encode(Changed(genuine.Header, ("alg", algorithm)))}.{Encode(genuine.Claims)}.{genuine.Signature}";

    private static string Hmac(Genuine genuine, byte[] key, string? kid = null) =>
        Sign(
            Changed(genuine.Header, ("alg", "HS256"), ("kid", kid ?? genuine.EcKid)),
            genuine.Claims,
            content => HMACSHA256.HashData(key, content)
        );

    private string Ecdsa(Genuine genuine, string? kid, params (string Name, JsonNode? Value)[] header) =>
        Sign(
            Changed(genuine.Header, [("alg", "ES256"), ("kid", kid), .. header]),
            genuine.Claims,
            content => _ecdsa.SignData(content, HashAlgorithmName.SHA256)
        );

    private string Rsa(Genuine genuine, string? kid, params (string Name, JsonNode? Value)[] header) =>
        Sign(
            Changed(genuine.Header, [("alg", "RS256"), ("kid", kid), .. header]),
            genuine.Claims,
            content => _rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );

    private string SignedByUs(Genuine genuine, string type, params (string Name, JsonNode? Value)[] claims)
    {
        var options = server.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>();
        var key = options.CurrentValue.SigningCredentials.First(key => key.Algorithm == "ES256");
        var ecdsa = ((ECDsaSecurityKey)key.Key).ECDsa;
        return Sign(
            Changed(genuine.Header, ("typ", type), ("kid", key.Key.KeyId)),
            Changed(genuine.Claims, claims),
            content => ecdsa.SignData(content, HashAlgorithmName.SHA256)
        );
    }

    private static string EncryptedToRsa(Genuine genuine)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(genuine.RsaPem);
        var credentials = new EncryptingCredentials(
            new RsaSecurityKey(rsa) { KeyId = genuine.RsaKid },
            SecurityAlgorithms.RsaOAEP,
            SecurityAlgorithms.Aes256CbcHmacSha512
        );
        return new JsonWebTokenHandler().EncryptToken(Unsigned(genuine, "none"), credentials);
    }

    private JsonObject OwnJwk(string kid)
    {
        var point = _ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = kid,
            ["x"] = WebEncoders.Base64UrlEncode(point.X!),
            ["y"] = WebEncoders.Base64UrlEncode(point.Y!),
        };
    }

    private string OwnCertificate()
    {
        var request = new CertificateRequest(
            "CN=AuthServer",
            _rsa,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var now = server.Clock.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return Convert.ToBase64String(certificate.RawData);
    }

    private static JsonNode Nested(int depth)
    {
        JsonNode node = new JsonArray();
        for (var i = 1; i < depth; i++)
        {
            node = new JsonArray(node);
        }

        return node;
    }

    /// <summary>A token of ours and what everybody may know of our keys.</summary>
    private sealed record Genuine(string Token, string Other, JsonNode EcJwk, JsonNode RsaJwk)
    {
        public JsonNode Header => Jwt.Header(Token);

        public JsonNode Claims => Jwt.Payload(Token);

        public string Signature => Token.Split('.')[2];

        public string OtherSignature => Other.Split('.')[2];

        public string EcKid => EcJwk["kid"]!.ToString();

        public string RsaKid => RsaJwk["kid"]!.ToString();

        public byte[] EcPoint => [.. Bytes(EcJwk, "x"), .. Bytes(EcJwk, "y")];

        public byte[] RsaModulus => Bytes(RsaJwk, "n");

        public string EcPem
        {
            get
            {
                using var key = ECDsa.Create(
                    new ECParameters
                    {
                        Curve = ECCurve.NamedCurves.nistP256,
                        Q = new ECPoint { X = Bytes(EcJwk, "x"), Y = Bytes(EcJwk, "y") },
                    }
                );
                return key.ExportSubjectPublicKeyInfoPem();
            }
        }

        public string RsaPem
        {
            get
            {
                using var key = RSA.Create(
                    new RSAParameters { Modulus = Bytes(RsaJwk, "n"), Exponent = Bytes(RsaJwk, "e") }
                );
                return key.ExportSubjectPublicKeyInfoPem();
            }
        }

        private static byte[] Bytes(JsonNode key, string name) =>
            WebEncoders.Base64UrlDecode(key[name]!.ToString());
    }
}
