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

    /// <summary>Null where nobody is charged.</summary>
    public static RequestCharge? ChargeOf(OpenIddictServerTransaction transaction) =>
        transaction.GetHttpRequest()?.HttpContext.Features.Get<RequestCharge>();
}

/// <summary>Tells the limits whom the code or token speaks for, once all of it has been found good.</summary>
internal sealed class NoteAccount : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (ChargeClient.ChargeOf(context.Transaction) is { } charge)
        {
            charge.AccountId = ValidateFamily.Owner(context.Transaction)?.Account.Id;
        }

        return ValueTask.CompletedTask;
    }
}
