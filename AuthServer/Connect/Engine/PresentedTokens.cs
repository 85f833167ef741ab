using System.Security.Cryptography;
using System.Text;
using AuthServer.Data.Statements;

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
