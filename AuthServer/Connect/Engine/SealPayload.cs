using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Writes what only this server reads in its own form (<see cref="SealedClaims"/>); the engine then makes no JWT of it.</summary>
internal sealed class SealPayload : IOpenIddictServerHandler<GenerateTokenContext>
{
    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context is { PersistTokenPayload: true, IsReferenceToken: true })
        {
            context.Token = SealedClaims.Seal(
                context.Principal,
                context.Principal.GetTokenId()!,
                context.EncryptionCredentials!.Key
            );
        }

        return ValueTask.CompletedTask;
    }
}
