using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Gives a token that is looked up by value its value: random for the first of a family, derived from the one
/// before for a successor. The row keeps a hash of it, and the payload that only we can read.
/// </summary>
internal sealed class AttachReference(Issue issue) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.PersistTokenPayload)
        {
            var token = issue.Find(context.Principal.GetTokenId()!);
            token.Payload = context.Token;
            if (context.IsReferenceToken)
            {
                context.Token = ValueOf(context);
                token.ReferenceId = PresentedTokens.ReferenceOf(context.Token);
            }
        }

        return ValueTask.CompletedTask;
    }

    // 256 bits either way.
    private static string ValueOf(GenerateTokenContext context) =>
        context.TokenType == TokenTypeIdentifiers.RefreshToken
        && Successor.Of(context.Transaction) is { } successor
            ? successor.Value
            : Base64UrlTextEncoder.Encode(RandomNumberGenerator.GetBytes(32));
}
