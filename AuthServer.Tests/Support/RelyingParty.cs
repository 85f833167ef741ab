using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Support;

/// <summary>An answer of a machine endpoint, as a client sees it.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Json, HttpResponseHeaders Headers)
{
    public string this[string name] =>
        Json.TryGetProperty(name, out var value)
            ? value.ToString()
            : throw new InvalidOperationException($"No '{name}' in {Status}: {Json}");

    public bool Has(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out _);
}

/// <summary>A client application that speaks the protocol by hand, so that a test can say anything it likes.</summary>
public sealed record RelyingParty(IAddress Server, string ClientId, string RedirectUri, string? Secret = null)
{
    /// <summary>The clients of the common test configuration.</summary>
    public static RelyingParty Spa(IAddress server) =>
        new(server, "shop-spa", "http://localhost:5173/callback");

    public static RelyingParty Mobile(IAddress server) =>
        new(server, "shop-mobile", "com.example.shop:/callback");

    public static RelyingParty Partner(IAddress server) =>
        new(
            server,
            "partner-web",
            "http://localhost:5080/signin-oidc",
            "example-partner-web-secret-3f7a9c1e5d2b8046"
        );

    public static RelyingParty Report(IAddress server) =>
        new(server, "nightly-report", "", "example-nightly-report-secret-8d4b2f6a0c1e9735");

    public static RelyingParty OrdersApi(IAddress server) =>
        new(server, "orders-api", "", "example-orders-api-secret-1c9e7a3b5d8f2640");

    public string Scope { get; init; } = "openid profile offline_access orders.read";

    public string Verifier { get; init; } = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    public string Challenge =>
        WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>The local URL of a good authorization request, with changes: a null value leaves a parameter out.</summary>
    public string AuthorizeUrl(params (string Name, string? Value)[] changes) =>
        QueryHelpers.AddQueryString("/connect/authorize", Changed(AuthorizeParameters(), changes)!);

    /// <summary>What a good authorization request says.</summary>
    public IDictionary<string, string?> AuthorizeParameters() =>
        new Dictionary<string, string?>
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = RedirectUri,
            ["response_type"] = "code",
            ["scope"] = Scope,
            ["state"] = "the-state",
            ["nonce"] = "the-nonce",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };

    /// <summary>Pushes a good authorization request, with changes (RFC 9126 §2.1).</summary>
    public Task<Answer> PushAsync(params (string Name, string? Value)[] changes)
    {
        var form = AuthorizeParameters();
        form["client_secret"] = Secret;
        return PostAsync("connect/par", Changed(form, changes));
    }

    /// <summary>The local URL by which a browser brings a pushed request (RFC 9126 §4), and what else it says.</summary>
    public string PushedUrl(string requestUri, params (string Name, string? Value)[] others) =>
        QueryHelpers.AddQueryString(
            "/connect/authorize",
            Changed(
                new Dictionary<string, string?> { ["client_id"] = ClientId, ["request_uri"] = requestUri },
                others
            )!
        );

    /// <summary>Exchanges a code (RFC 6749 §4.1.3).</summary>
    public Task<Answer> RedeemAsync(string code, params (string Name, string? Value)[] changes) =>
        PostAsync(
            "connect/token",
            Changed(
                new Dictionary<string, string?>
                {
                    ["grant_type"] = "authorization_code",
                    ["code"] = code,
                    ["redirect_uri"] = RedirectUri,
                    ["code_verifier"] = Verifier,
                },
                changes
            )
        );

    /// <summary>RFC 6749 §6.</summary>
    public Task<Answer> RefreshAsync(string refreshToken, params (string Name, string? Value)[] changes) =>
        PostAsync(
            "connect/token",
            Changed(
                new Dictionary<string, string?>
                {
                    ["grant_type"] = "refresh_token",
                    ["refresh_token"] = refreshToken,
                },
                changes
            )
        );

    /// <summary>RFC 6749 §4.4.</summary>
    public Task<Answer> ClientCredentialsAsync(params (string Name, string? Value)[] changes) =>
        PostAsync(
            "connect/token",
            Changed(new Dictionary<string, string?> { ["grant_type"] = "client_credentials" }, changes)
        );

    /// <summary>RFC 7662.</summary>
    public Task<Answer> IntrospectAsync(string token, params (string Name, string? Value)[] changes) =>
        PostAsync(
            "connect/introspect",
            Changed(new Dictionary<string, string?> { ["token"] = token }, changes)
        );

    /// <summary>RFC 7009.</summary>
    public Task<Answer> RevokeAsync(string token, params (string Name, string? Value)[] changes) =>
        PostAsync("connect/revoke", Changed(new Dictionary<string, string?> { ["token"] = token }, changes));

    /// <summary>OpenID Connect Core §5.3.</summary>
    public async Task<Answer> UserInfoAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return await SendAsync(request);
    }

    /// <summary>Posts a form with this client's own credentials, unless <paramref name="form"/> brings others.</summary>
    public async Task<Answer> PostAsync(string path, IDictionary<string, string?> form)
    {
        if (form.TryAdd("client_id", ClientId) && Secret is not null)
        {
            form.TryAdd("client_secret", Secret);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent(form.Where(field => field.Value is not null)!);
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson =
            response.Content.Headers.ContentType?.MediaType
            is "application/json"
                or "application/problem+json";
        var json = isJson && text.Length > 0 ? JsonDocument.Parse(text).RootElement : default;
        return new Answer(response.StatusCode, json, response.Headers);
    }

    private static Dictionary<string, string?> Changed(
        IDictionary<string, string?> parameters,
        (string Name, string? Value)[] changes
    )
    {
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return parameters.Where(parameter => parameter.Value is not null).ToDictionary();
    }
}
