using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// RFC 6750 §3.1: the challenge to somebody who brought no token names no error, and the body may not name one that
/// only the engine knows.
/// </summary>
internal sealed class NameMissingToken : IOpenIddictServerHandler<ApplyUserInfoResponseContext>
{
    public ValueTask HandleAsync(ApplyUserInfoResponseContext context)
    {
        if (context.Response.Error == Errors.MissingToken)
        {
            context.Response.Error = Errors.InvalidToken;
        }

        return ValueTask.CompletedTask;
    }
}
