using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace AuthServer.Tests.Support.Google;

/// <summary>
/// Speaks Google's endpoints on loopback: consent, token, userinfo, keys. It checks what Google checks (client, redirect
/// URI, PKCE, one use of a code), and does wrong what a test asks for. It can stand in for other issuers, too.
/// </summary>
public sealed class GoogleStandIn : IAsyncDisposable
{
    public const string ClientId = "standin-client.apps.googleusercontent.com";
    public const string ClientSecret = "standin-client-secret-0123456789";

    private readonly ConcurrentDictionary<string, Grant> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Grant> _tokens = new(StringComparer.Ordinal);
    private readonly GoogleTokens _issued;
    private readonly WebApplication _app;

    public GoogleStandIn(TimeProvider clock)
    {
        _issued = new GoogleTokens(clock);
        var port = Ports.Next();
        Address = new Uri($"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}/");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", MetadataAsync);
        _app.MapGet("/auth", Authorize);
        _app.MapPost("/token", TokenAsync);
        _app.MapGet("/userinfo", UserInfo);
        _app.MapGet("/elsewhere", () => Results.Json(new { Arrived = ++Redirected }));
        _app.MapGet(
            "/keys",
            () => Fault == GoogleFault.KeysAreDown ? Results.StatusCode(500) : _issued.Keys()
        );
    }

    public Uri Address { get; }

    /// <summary>Who is signed in there, and allows everything.</summary>
    public GooglePerson Person { get; set; } = GooglePerson.New();

    public GoogleFault Fault { get; set; }

    /// <summary>Whom its tokens are from.</summary>
    public string Issuer { get; set; } = "https://accounts.google.com";

    /// <summary>Who it says that it is in its metadata; null for the same.</summary>
    public string? IssuerInMetadata { get; set; }

    /// <summary>Tells whether a client secret is right.</summary>
    public Func<string, bool> Knows { get; set; } = secret => secret == ClientSecret;

    public string MetadataAddress => $"{Address}.well-known/openid-configuration";

    /// <summary>Asks by a page with two links instead of allowing at once.</summary>
    public bool AsksPerson { get; set; }

    /// <summary>The last authorization request that came.</summary>
    public IReadOnlyDictionary<string, string> LastRequest { get; private set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many requests came to where a redirect of the token endpoint leads.</summary>
    public int Redirected { get; private set; }

    /// <summary>The settings of a server that takes this for Google.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("External:Google:ClientId", ClientId),
            new("External:Google:ClientSecret", ClientSecret),
            new("External:Google:AuthorizationEndpoint", $"{Address}auth"),
            new("External:Google:TokenEndpoint", $"{Address}token"),
            new("External:Google:UserInformationEndpoint", $"{Address}userinfo"),
            new("External:Google:KeysEndpoint", $"{Address}keys"),
        ];

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Authorize(HttpRequest request)
    {
        var asked = request.Query.ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);
        LastRequest = asked;
        if (
            asked["client_id"] != ClientId
            || asked["response_type"] != "code"
            || !asked["scope"].Split(' ').Contains("openid", StringComparer.Ordinal)
            || asked["code_challenge_method"] != "S256"
        )
        {
            return Results.BadRequest("Google would not take this.");
        }

        var code = Guid.NewGuid().ToString("N");
        _codes[code] = new Grant(
            Person,
            asked["redirect_uri"],
            asked["nonce"],
            asked["code_challenge"],
            Fault,
            Issuer
        );
        if (asked.GetValueOrDefault("response_mode") == "form_post")
        {
            return Results.Content(
                $"<!doctype html><form method=\"post\" action=\"{Html(asked["redirect_uri"])}\"><input name=\"code\" value=\"{code}\" /><input name=\"state\" value=\"{Html(asked["state"])}\" /><button>Go on</button></form>",
                "text/html"
            );
        }

        var allow = Answer(asked, ("code", code));
        var deny = Answer(asked, ("error", "access_denied"));
        return AsksPerson
            ? Results.Content(
                $"<!doctype html><title>Sign in</title><a id=allow href=\"{Html(allow)}\">Allow</a> <a id=deny href=\"{Html(deny)}\">Deny</a>",
                "text/html"
            )
            : Results.Redirect(allow);
    }

    private async Task<IResult> MetadataAsync(HttpRequest request)
    {
        switch (Fault)
        {
            case GoogleFault.MetadataRedirect:
                return Results.Redirect($"{Address}elsewhere");
            case GoogleFault.MetadataAreHuge:
                return Huge();
            case GoogleFault.MetadataDripSlowly:
                await DripAsync(request.HttpContext);
                return Results.Empty;
            default:
                return Results.Json(
                    new
                    {
                        issuer = Fault == GoogleFault.MetadataAreOfAnother
                            ? "https://another.example"
                            : IssuerInMetadata ?? Issuer,
                        authorization_endpoint = $"{Address}auth",
                        token_endpoint = $"{Address}token",
                        userinfo_endpoint = $"{Address}userinfo",
                        jwks_uri = $"{Address}keys",
                        response_types_supported = new[] { "code" },
                        response_modes_supported = new[] { "query", "form_post" },
                        subject_types_supported = new[] { "public" },
                        id_token_signing_alg_values_supported = new[] { "RS256" },
                        token_endpoint_auth_methods_supported = new[] { "client_secret_post" },
                        code_challenge_methods_supported = new[] { "S256" },
                    }
                );
        }
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (Fault == GoogleFault.Down)
        {
            request.HttpContext.Abort();
            return Results.Empty;
        }

        if (
            !_codes.TryRemove(form["code"].ToString(), out var grant)
            || Fault == GoogleFault.TokenRefused
            || form["client_id"] != ClientId
            || !Knows(form["client_secret"].ToString())
            || form["grant_type"] != "authorization_code"
            || form["redirect_uri"] != grant.RedirectUri
            || Hash(form["code_verifier"].ToString()) != grant.Challenge
        )
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        switch (grant.Fault)
        {
            case GoogleFault.TokenRedirects:
                return Results.Redirect($"{Address}elsewhere");
            case GoogleFault.TokenIsNoJson:
                return Results.Content("<html>", "text/html");
            case GoogleFault.TokenIsHuge:
                return Huge();
            case GoogleFault.TokenDripsSlowly:
                await DripAsync(request.HttpContext);
                return Results.Empty;
            default:
                var token = Guid.NewGuid().ToString("N");
                _tokens[token] = grant;
                return Results.Json(_issued.Answer(token, grant));
        }
    }

    private IResult UserInfo(HttpRequest request)
    {
        var token = request.Headers.Authorization.ToString()["Bearer ".Length..];
        return !_tokens.TryGetValue(token, out var grant) ? Results.Unauthorized()
            : grant.Fault == GoogleFault.UserInfoFails ? Results.StatusCode(500)
            : grant.Fault == GoogleFault.UserInfoIsHuge ? Huge()
            : Results.Json(
                new
                {
                    sub = grant.Fault == GoogleFault.OtherSubjectInUserInfo
                        ? "g-other"
                        : grant.Person.Subject,
                    email = "userinfo-says@example.org",
                    email_verified = true,
                }
            );
    }

    // 10 MB of JSON.
    private static IResult Huge() =>
        Results.Text($"{{\"x\":\"{new string('x', 10 * 1024 * 1024)}\"}}", "application/json");

    // A byte now and then, until nobody listens any more.
    private static async Task DripAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.WriteAsync(" ");
            await http.Response.Body.FlushAsync();
            await Task.Delay(100);
        }
    }

    private static string Answer(Dictionary<string, string> asked, (string Name, string Value) answer) =>
        QueryHelpers.AddQueryString(
            asked["redirect_uri"],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["state"] = asked["state"],
                [answer.Name] = answer.Value,
            }
        );

    private static string Html(string text) => System.Net.WebUtility.HtmlEncode(text);

    private static string Hash(string verifier) =>
        WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)));

    internal sealed record Grant(
        GooglePerson Person,
        string RedirectUri,
        string Nonce,
        string Challenge,
        GoogleFault Fault,
        string Issuer
    );
}
