using AuthServer.Data;
using AuthServer.Data.Statements;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Gives a token the name that it is known by, and the row, which is written with the rest of the <see cref="Issue"/>.</summary>
internal sealed class StageToken(Issue issue, IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<GenerateTokenContext>
{
    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (!context.CreateTokenEntry)
        {
            return;
        }

        var id = RowId.Next();
        context.Principal.SetTokenId(id);
        if (context.TokenType == TokenTypeIdentifiers.AccessToken)
        {
            // It says itself all there is to know; only its revocation needs a row.
            return;
        }

        var client = await applications.FindByClientIdAsync(context.ClientId!, context.CancellationToken);
        var token = new NewToken
        {
            Id = id,
            ApplicationId = await applications.GetIdAsync(client!, context.CancellationToken),
            FamilyId = context.Principal.GetAuthorizationId(),
            CreatedAt = context.Principal.GetCreationDate()?.UtcDateTime,
            ExpiresAt = context.Principal.GetExpirationDate()?.UtcDateTime,
            Subject = context.Principal.GetClaim(Claims.Subject),
            Type = context.TokenType,
        };
        issue.Add(token);
    }
}
