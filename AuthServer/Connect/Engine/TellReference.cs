using AuthServer.Edge;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Ends a refusal of the engine as our own end: with the reference of the request, and without the address of the
/// engine's manual, which is no help to whoever calls us.
/// </summary>
internal sealed class TellReference<TContext> : IOpenIddictServerHandler<TContext>
    where TContext : BaseRequestContext
{
    public ValueTask HandleAsync(TContext context)
    {
        if (context.Transaction.Response is not { Error.Length: > 0 } response)
        {
            return ValueTask.CompletedTask;
        }

        response.ErrorUri = null;
        if (IsAnsweredInJson(context.EndpointType))
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            response[Reference.Name] = Reference.Of(http);
        }

        return ValueTask.CompletedTask;
    }

    // Elsewhere the page or the body is ours, or the answer travels in the URL of the client.
    private static bool IsAnsweredInJson(OpenIddictServerEndpointType endpoint) =>
        endpoint
            is OpenIddictServerEndpointType.Token
                or OpenIddictServerEndpointType.Introspection
                or OpenIddictServerEndpointType.Revocation
                or OpenIddictServerEndpointType.PushedAuthorization
                or OpenIddictServerEndpointType.Configuration
                or OpenIddictServerEndpointType.JsonWebKeySet;
}
