using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using OpenIddict.Abstractions;

namespace AuthServer.Connect;

/// <summary>
/// What an authorization request has already asked of the person, carried in its own URL while pages are shown.
/// Sealed, and bound to that one request, so that nobody can claim an answer that was not given.
/// </summary>
/// <param name="Request">The request's own query, without this.</param>
/// <param name="AskedAt">When the person was first sent to a page: a sign-in since then is a fresh one.</param>
/// <param name="ClientId">Which client asks.</param>
/// <param name="RedirectUri">Where the answer will go; null when the request leaves it to the registration.</param>
/// <param name="Scopes">What it asks for.</param>
/// <param name="Consent">What the person said on the consent page; null when not asked yet.</param>
/// <param name="ConsentSessionId">The session in which they said it.</param>
internal sealed record Interaction(
    string Request,
    DateTimeOffset AskedAt,
    string ClientId,
    string? RedirectUri,
    ImmutableArray<string> Scopes,
    bool? Consent = null,
    string? ConsentSessionId = null
)
{
    /// <summary>The query parameter that carries it.</summary>
    public const string Parameter = "interaction";

    /// <summary>The local URL on which the request goes on, with this state.</summary>
    public string ResumeUrl(Interactions interactions) =>
        QueryHelpers.AddQueryString(Interactions.UrlOf(Request), Parameter, interactions.Seal(this));
}

/// <summary>Seals and reads <see cref="Interaction"/>s; one is good for an hour.</summary>
internal sealed class Interactions(IDataProtectionProvider protection, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.Connect.Interaction");

    /// <summary>The state that this request carries, if it is ours and belongs to this very request.</summary>
    public Interaction? Read(HttpContext http)
    {
        var interaction = Open(http.Request.Query[Interaction.Parameter]);
        return interaction?.Request == RequestOf(http) ? interaction : null;
    }

    /// <summary>The state of a request that has asked nothing of the person yet.</summary>
    public Interaction Begin(HttpContext http, OpenIddictRequest request) =>
        new(RequestOf(http), clock.GetUtcNow(), request.ClientId!, request.RedirectUri, request.GetScopes());

    public string Seal(Interaction interaction) =>
        WebEncoders.Base64UrlEncode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(interaction)));

    /// <summary>Null for what is not ours, was altered, or is older than an hour.</summary>
    public Interaction? Open(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            var plain = _protector.Unprotect(WebEncoders.Base64UrlDecode(text));
            var interaction = JsonSerializer.Deserialize<Interaction>(plain)!;
            return interaction.AskedAt + Lifetime > clock.GetUtcNow() ? interaction : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The local URL of a request.</summary>
    public static string UrlOf(string request) => $"/connect/authorize{request}";

    /// <summary>
    /// What the request says, as a query. A POST becomes a GET on its way through the pages (OpenID Connect Core
    /// §3.1.2.1 allows both).
    /// </summary>
    public static string RequestOf(HttpContext http)
    {
        IEnumerable<KeyValuePair<string, StringValues>> parameters = HttpMethods.IsPost(http.Request.Method)
            ? http.Request.Form
            : http.Request.Query;
        return new QueryBuilder(parameters.Where(parameter => parameter.Key != Interaction.Parameter))
            .ToQueryString()
            .ToString();
    }
}
