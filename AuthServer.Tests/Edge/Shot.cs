using FsCheck;
using FsCheck.Fluent;

namespace AuthServer.Tests.Edge;

/// <summary>One request of the fuzz test, as it goes onto the wire; the client id and secrets in it are never good together.</summary>
public sealed record Shot(
    string Method,
    string Target,
    string? ContentType,
    string Body,
    string Header,
    string Value
)
{
    /// <summary>From a line of the corpus: method, target, and for a body its type and text, with tabs between.</summary>
    public static Shot Parse(string line)
    {
        var parts = line.Split('\t');
        return new Shot(
            parts[0],
            parts[1],
            parts.ElementAtOrDefault(2),
            parts.ElementAtOrDefault(3) ?? "",
            "X-Nothing",
            "x"
        );
    }
}

/// <summary>Makes requests that are nearly right: real paths and names, with values from the places where parsers err.</summary>
public static class Shots
{
    private static readonly string[] Methods =
    [
        "GET",
        "POST",
        "POST",
        "POST",
        "HEAD",
        "PUT",
        "DELETE",
        "PATCH",
        "OPTIONS",
        "QUERY",
    ];

    private static readonly string[] Names =
    [
        .. "client_id client_secret redirect_uri response_type response_mode scope state nonce code prompt max_age".Split(
            ' '
        ),
        .. "code_challenge code_challenge_method code_verifier grant_type refresh_token token token_type_hint".Split(
            ' '
        ),
        .. "id_token_hint login_hint post_logout_redirect_uri request request_uri resource audience claims".Split(
            ' '
        ),
        .. "client_assertion client_assertion_type access_token ui_locales acr_values registration display".Split(
            ' '
        ),
        .. "Email Password Name email password name returnUrl id __RequestVerificationToken decision iss".Split(
            ' '
        ),
    ];

    private static readonly string[] Values =
    [
        .. "shop-spa partner-web nightly-report orders-api code token none login S256 plain query fragment form_post".Split(
            ' '
        ),
        .. "authorization_code refresh_token client_credentials password openid offline_access orders.read".Split(
            ' '
        ),
        .. "http://localhost:5173/callback urn:ietf:params:oauth:request_uri:x javascript:alert(1) //evil.example".Split(
            ' '
        ),
        .. "eyJhbGciOiJub25lIn0.e30. a.b.c a.b.c.d.e ....... -1 0 99999999999999999999 1e999 true null NaN".Split(
            ' '
        ),
        .. "%00 %FF %C3%28 %ED%A0%80 %0d%0a %2e%2e%2f %F0%9F%94%91 %E2%80%AE %25%30%30 + %20 ' \" < { [ $ ;".Split(
            ' '
        ),
        "",
        new string('a', 300),
        new string('a', 9_000),
        new string('%', 3_000),
        string.Concat(Enumerable.Repeat("%EF%BC%A0", 300)),
    ];

    private static readonly string[] Types =
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded;charset=utf-16",
        "application/json",
        "application/json;charset=x",
        "multipart/form-data;boundary=x",
        "text/plain",
        ";;;",
    ];

    private static readonly string[] Headers =
    [
        .. "Authorization Cookie Accept Accept-Language Accept-Encoding Origin Referer If-None-Match If-Match Range".Split(
            ' '
        ),
        .. "X-Forwarded-For X-Forwarded-Host Forwarded X-HTTP-Method-Override DPoP traceparent User-Agent Expect".Split(
            ' '
        ),
    ];

    private static readonly string[] HeaderValues =
    [
        "Basic ",
        "Basic x",
        "Basic Og==",
        "Basic c2hvcC1zcGE6",
        "Basic /////w==",
        "Bearer ",
        "Bearer a.b.c",
        "bearer eyJhbGciOiJub25lIn0.e30.",
        "DPoP x",
        "session=x; csrf=y; __Host-session=z",
        "=; ;; =x",
        "application/json",
        "text/html;q=nonsense, */*;q=9",
        "http://localhost:5173",
        "null",
        "bytes=0-0,-1",
        "\"x\", W/\"y\", *",
        "00-0-0-0",
        new string('x', 5_000),
    ];

    /// <summary>For a class of endpoints: requests to one of these paths.</summary>
    public static Arbitrary<Shot> At(IReadOnlyList<string> paths) =>
        (
            from method in Gen.Elements(Methods)
            from path in Gen.Frequency((8, Gen.Elements(paths.AsEnumerable())), (1, Bent(paths)))
            from query in Parameters()
            from body in Gen.OneOf(Parameters(), Json(), Raw())
            from type in Gen.Elements(Types)
            from header in Gen.Elements(Headers)
            from value in Gen.Elements(HeaderValues)
            let isAsked = method is "GET" or "HEAD" or "OPTIONS"
            select new Shot(
                method,
                Cut(query.Length > 0 && (isAsked || query.Length % 5 == 0) ? $"{path}?{query}" : path),
                isAsked ? null : type,
                isAsked ? "" : body,
                header,
                value
            )
        ).ToArbitrary();

    // Longer ones never arrive: Kestrel refuses them by itself, in nothing but a status.
    private static string Cut(string target) => target[..Math.Min(target.Length, 30_000)];

    private static Gen<string> Bent(IReadOnlyList<string> paths) =>
        from path in Gen.Elements(paths.AsEnumerable())
        from bend in Gen.Elements(
            ";x",
            "/",
            "//",
            "/.",
            "%2f",
            "%00",
            "%FF",
            "/%2e%2e",
            ".",
            "\\",
            "%0a",
            "/x/y"
        )
        from at in Gen.Choose(1, path.Length)
        select path.Insert(at, bend);

    private static Gen<string> Parameters() =>
        from names in Gen.Elements(Names).ListOf()
        from values in Gen.Elements(Values).ListOf(names.Count)
        select string.Join(
            '&',
            names.Zip(
                values,
                (name, value) =>
                    $"{name}={value.Replace("\"", "%22", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal).Replace("{", "%7B", StringComparison.Ordinal)}"
            )
        );

    private static Gen<string> Json() =>
        from name in Gen.Elements("email", "password", "name", "Email", "isAdmin", "__proto__")
        from value in Gen.Elements(
            "\"x\"",
            "1",
            "null",
            "[]",
            "{}",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "1e999",
            new string('[', 500),
            "\"" + new string('a', 20_000) + "\""
        )
        from end in Gen.Elements("}", "", ",}", "}}", "} x", ",\"email\":\"b\"}")
        select $"{{\"{name}\":{value}{end}";

    private static Gen<string> Raw() => ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "");
}
