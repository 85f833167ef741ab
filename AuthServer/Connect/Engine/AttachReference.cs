using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Gives a token that is looked up by value its value: random for the first of a family, derived from the one
/// before for a successor. The row keeps a hash (the manager's doing), and the payload that only we can read.
/// </summary>
internal sealed class AttachReference(IOpenIddictTokenManager tokens)
    : IOpenIddictServerHandler<GenerateTokenContext>
{
    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (!context.PersistTokenPayload)
        {
            return;
        }

        var token =
            await tokens.FindByIdAsync(context.Principal.GetTokenId()!, context.CancellationToken)
            ?? throw new InvalidOperationException("The token has no row.");
        var descriptor = new OpenIddictTokenDescriptor();
        await tokens.PopulateAsync(descriptor, token, context.CancellationToken);
        descriptor.Payload = context.Token;
        descriptor.Principal = context.Principal;
        if (context.IsReferenceToken)
        {
            descriptor.ReferenceId = ValueOf(context);
        }

        await tokens.UpdateAsync(token, descriptor, context.CancellationToken);
        if (context.IsReferenceToken)
        {
            context.Token = descriptor.ReferenceId;
        }
    }

    // 256 bits either way.
    private static string ValueOf(GenerateTokenContext context) =>
        context.TokenType == TokenTypeIdentifiers.RefreshToken
        && Successor.Of(context.Transaction) is { } successor
            ? successor.Value
            : Base64UrlTextEncoder.Encode(RandomNumberGenerator.GetBytes(32));
}
