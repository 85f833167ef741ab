using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace AuthServer.Tests.Accounts.External.OpenId;

/// <summary>Speaks GitHub's endpoints on loopback: authorize, token, user, and the list of addresses.</summary>
public sealed class GitHubStandIn : IAsyncDisposable
{
    private const string Secret = "github-client-secret-0123456789";

    private readonly Dictionary<string, (string RedirectUri, string Challenge)> _codes = new(
        StringComparer.Ordinal
    );
    private readonly Uri _address;
    private readonly WebApplication _app;

    public GitHubStandIn()
    {
        _address = new Uri($"http://localhost:{Ports.Next().ToString(CultureInfo.InvariantCulture)}/");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(_address.ToString());
        _app = builder.Build();
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", TokenAsync);
        _app.MapGet("/user", (HttpRequest request) => When(request, () => Results.Json(User)));
        _app.MapGet(
            "/user/emails",
            (HttpRequest request) =>
                When(request, () => Emails is null ? Results.StatusCode(403) : Results.Json(Emails))
        );
    }

    /// <summary>What <c>/user</c> says.</summary>
    public object User { get; set; } = new { id = 1 };

    /// <summary>What <c>/user/emails</c> says; null: it is not allowed to us.</summary>
    public object? Emails { get; set; }

    /// <summary>The scopes that were asked for last.</summary>
    public string LastScope { get; private set; } = "";

    public IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("External:GitHub:ClientId", "github-client"),
            new("External:GitHub:ClientSecret", Secret),
            new("External:GitHub:AuthorizationEndpoint", $"{_address}authorize"),
            new("External:GitHub:TokenEndpoint", $"{_address}token"),
            new("External:GitHub:UserInformationEndpoint", $"{_address}user"),
        ];

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Authorize(HttpRequest request)
    {
        LastScope = request.Query["scope"].ToString();
        var code = Guid.NewGuid().ToString("N");
        var redirectUri = request.Query["redirect_uri"].ToString();
        _codes[code] = (redirectUri, request.Query["code_challenge"].ToString());
        return Results.Redirect(
            QueryHelpers.AddQueryString(
                redirectUri,
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["code"] = code,
                    ["state"] = request.Query["state"],
                    ["iss"] = "https://github.com/login/oauth",
                }
            )
        );
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(form["code_verifier"].ToString()));
        // GitHub tells its errors with status 200.
        return
            _codes.Remove(form["code"].ToString(), out var grant)
            && form["client_secret"] == Secret
            && form["redirect_uri"] == grant.RedirectUri
            && WebEncoders.Base64UrlEncode(hash) == grant.Challenge
            ? Results.Json(
                new
                {
                    access_token = "gho_1",
                    token_type = "bearer",
                    scope = "user:email",
                }
            )
            : Results.Json(new { error = "bad_verification_code", error_description = "The code is bad." });
    }

    private static IResult When(HttpRequest request, Func<IResult> answer) =>
        request.Headers.Authorization == "Bearer gho_1" && request.Headers.UserAgent.Count > 0
            ? answer()
            : Results.Unauthorized();
}
