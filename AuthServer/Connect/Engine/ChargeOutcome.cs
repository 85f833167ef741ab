using AuthServer.Limits;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Charges the client that has proved who it is: from here on the request is the client's, not its address's.</summary>
internal sealed class ChargeClient(Quotas quotas) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        // A public client has nothing to prove, and the engine has refused one that brought a secret.
        if (
            !string.IsNullOrEmpty(context.ClientSecret)
            && context.ClientId is { Length: > 0 } client
            && context.Transaction.GetHttpRequest() is { HttpContext: var http }
            && !await quotas.TakeFromClientAsync(http, client)
        )
        {
            context.HandleRequest();
        }
    }
}

/// <summary>
/// Charges the person whom the code or token speaks for, once all of it has been found good, and before it is used up:
/// who is refused tries again with the same.
/// </summary>
internal sealed class ChargePerson(Quotas quotas) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (
            ValidateFamily.Owner(context.Transaction) is { Account.Id: var accountId }
            && context.Transaction.GetHttpRequest() is { HttpContext: var http }
            && !await quotas.TakeFromPersonAsync(http, accountId)
        )
        {
            context.HandleRequest();
        }
    }
}
