using System.Security.Cryptography;
using System.Text;
using AuthServer.Data.Statements;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>The rows of the tokens that a request brought: each is read once, in one question, with what it hangs on.</summary>
internal sealed class PresentedTokens(IStatements database)
{
    private readonly List<PresentedToken> _read = [];

    /// <summary>The row keeps SHA-256 of the value, which has 256 random bits.</summary>
    public static string ReferenceOf(string value) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    public Task<PresentedToken?> FindByValueAsync(string value, CancellationToken cancellation) =>
        ReadAsync(TokenRows.ByReference(ReferenceOf(value)), cancellation);

    public async ValueTask<PresentedToken?> FindByIdAsync(string id, CancellationToken cancellation) =>
        _read.Find(token => token.Id == id) ?? await ReadAsync(TokenRows.ById(id), cancellation);

    /// <summary>The token that is being validated. An access token has no row unless it was revoked.</summary>
    public async ValueTask<PresentedToken?> FindAsync(ValidateTokenContext context) =>
        context.Principal!.GetTokenType() != TokenTypeIdentifiers.AccessToken
            ? await FindByIdAsync(context.TokenId!, context.CancellationToken)
            : _read.Find(token => token.Id == context.TokenId)
                ?? await ReadAsync(
                    TokenRows.OfAccessToken(context.TokenId!, context.AuthorizationId),
                    context.CancellationToken
                );

    private async Task<PresentedToken?> ReadAsync(Statement question, CancellationToken cancellation)
    {
        var token = await database.FirstAsync(question, TokenRows.Read, cancellation);
        if (token is not null)
        {
            _read.Add(token);
        }

        return token;
    }
}
