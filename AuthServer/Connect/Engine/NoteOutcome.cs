using AuthServer.Limits;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Tells the limits that the client has proved who it is: from here on the request is the client's, not its address's.</summary>
internal sealed class NoteClient : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        // A public client has nothing to prove, and the engine has refused one that brought a secret.
        if (!string.IsNullOrEmpty(context.ClientSecret) && ChargeOf(context.Transaction) is { } charge)
        {
            charge.IsClientProven = true;
        }

        return ValueTask.CompletedTask;
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
        if (NoteClient.ChargeOf(context.Transaction) is { } charge)
        {
            charge.AccountId = ValidateFamily.Owner(context.Transaction)?.Account.Id;
        }

        return ValueTask.CompletedTask;
    }
}
