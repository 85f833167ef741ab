using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>Writes tokens as the engine writes them, claim for claim, and signs them with the current key.</summary>
internal sealed class TokenWriter(
    IOptionsMonitor<OpenIddictServerOptions> engine,
    IOptions<TokensOptions> options,
    TimeProvider clock
)
{
    public TimeSpan AccessTokenLifetime => options.Value.AccessTokenLifetime;

    /// <summary>RFC 9068 §2.</summary>
    /// <param name="client">Whom it is given to.</param>
    /// <param name="subject">Whom it speaks for.</param>
    /// <param name="scopes">What it allows.</param>
    /// <param name="reach">What it is good at.</param>
    /// <param name="familyId">What it ends with; null for a client's own.</param>
    public string AccessToken(
        KnownClient client,
        string subject,
        ImmutableArray<string> scopes,
        Reach reach,
        string? familyId
    ) =>
        Sign(
            JsonWebTokenTypes.AccessToken,
            reach.Algorithm,
            json =>
            {
                WriteTimes(json);
                WriteOneOrMany(json, Claims.Audience, reach.Apis);
                json.WriteString(Claims.Scope, string.Join(' ', scopes));
                json.WriteString(Claims.JwtId, Guid.NewGuid());
                json.WriteString(Claims.Subject, subject);
                json.WriteString(Claims.Private.Presenter, client.Id);
                json.WriteString(Claims.ClientId, client.Id);
                if (familyId is not null)
                {
                    json.WriteString(Claims.Private.AuthorizationId, familyId);
                }

                json.WriteString(Claims.Private.TokenId, Guid.NewGuid());
            }
        );

    /// <summary>OpenID Connect Core §2 and §12.2.</summary>
    /// <param name="client">Whom it is given to.</param>
    /// <param name="grant">What it speaks of.</param>
    /// <param name="accessToken">The token that is given with it (<c>at_hash</c>).</param>
    public string IdToken(KnownClient client, StandingGrant grant, string accessToken) =>
        Sign(
            JsonWebTokenTypes.GenericJsonWebToken,
            client.IdTokenAlgorithm,
            json =>
            {
                var (account, session) = (grant.Owner.Account, grant.Owner.Session);
                WriteTimes(json);
                json.WriteString(Claims.Audience, client.Id);
                json.WriteString(Claims.Subject, account.Id);
                json.WriteString("sid", session.Id);
                json.WriteNumber(
                    Claims.AuthenticationTime,
                    new DateTimeOffset(session.AuthenticatedAt).ToUnixTimeSeconds()
                );
                WriteMany(
                    json,
                    Claims.AuthenticationMethodReference,
                    session.Amr.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                );
                if (client.WantsUserClaims)
                {
                    WritePerson(json, account, grant.Scopes);
                }

                if (grant.Nonce is { } nonce)
                {
                    json.WriteString(Claims.Nonce, nonce);
                }

                json.WriteString(Claims.AuthorizedParty, client.Id);
                json.WriteString(Claims.Private.AuthorizationId, grant.FamilyId);
                json.WriteString(Claims.AccessTokenHash, HashOf(accessToken));
            }
        );

    /// <summary>What the scopes let a client know of a person.</summary>
    public static void WritePerson(Utf8JsonWriter json, Account account, ImmutableArray<string> scopes)
    {
        foreach (var (name, value) in Subject.ClaimsOf(account, scopes))
        {
            if (value is bool flag)
            {
                json.WriteBoolean(name, flag);
            }
            else
            {
                json.WriteString(name, (string)value);
            }
        }
    }

    private void WriteTimes(Utf8JsonWriter json)
    {
        var now = clock.GetUtcNow();
        json.WriteString(Claims.Issuer, engine.CurrentValue.Issuer!.AbsoluteUri);
        json.WriteNumber(Claims.ExpiresAt, (now + AccessTokenLifetime).ToUnixTimeSeconds());
        json.WriteNumber(Claims.IssuedAt, now.ToUnixTimeSeconds());
    }

    // OpenID Connect Core §3.1.3.6: the left half; both our algorithms go with SHA-256.
    private static string HashOf(string accessToken) =>
        Base64UrlTextEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken))[..16]);

    private static void WriteOneOrMany(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        if (values is [var one])
        {
            json.WriteString(name, one);
        }
        else
        {
            WriteMany(json, name, values);
        }
    }

    private static void WriteMany(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private string Sign(string type, string algorithm, Action<Utf8JsonWriter> write) =>
        CompactJws.Sign(
            JsonAnswer
                .Render(json =>
                {
                    json.WriteStartObject();
                    write(json);
                    json.WriteEndObject();
                })
                .Span,
            type,
            engine.CurrentValue.SigningCredentials.First(credentials => credentials.Algorithm == algorithm)
        );
}
