using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// OpenID Connect Core §5.3.1: the token of a POST may come in the header, and then there is no body whose type could
/// be told; the engine wants to be told all the same.
/// </summary>
internal sealed class TakeEmptyPost : IOpenIddictServerHandler<ExtractUserInfoRequestContext>
{
    public ValueTask HandleAsync(ExtractUserInfoRequestContext context)
    {
        var request = context.Transaction.GetHttpRequest()!;
        if (string.IsNullOrEmpty(request.ContentType) && request.ContentLength is null or 0)
        {
            request.ContentType = "application/x-www-form-urlencoded";
        }

        return ValueTask.CompletedTask;
    }
}
