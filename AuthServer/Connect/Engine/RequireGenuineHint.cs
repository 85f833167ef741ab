using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>The engine ignores an <c>id_token_hint</c> that it cannot read; we refuse it.</summary>
internal sealed class RequireGenuineHint : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        context.RejectIdentityToken = context.ValidateIdentityToken;
        return ValueTask.CompletedTask;
    }
}
