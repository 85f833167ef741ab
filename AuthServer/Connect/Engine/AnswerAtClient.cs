using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Tells the client what is wrong with its authorization request (RFC 6749 §4.1.2.1). The engine tells the person,
/// whatever it is; that is right only when the client is not known or the redirect URI not its own.
/// </summary>
internal sealed class AnswerAtClient(IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (
            context is not { Response.Error.Length: > 0, Request: { } request }
            || !string.IsNullOrEmpty(context.RedirectUri)
        )
        {
            return;
        }

        if (context.Response.Error == Errors.InvalidToken)
        {
            // Here it is not about a token that opens something.
            context.Response.Error = string.IsNullOrEmpty(request.RequestUri)
                ? Errors.InvalidRequest
                : Errors.InvalidRequestUri;
        }

        if (
            request is { ClientId.Length: > 0, RedirectUri.Length: > 0 }
            && await applications.FindByClientIdAsync(request.ClientId, context.CancellationToken)
                is { } client
            && await applications.ValidateRedirectUriAsync(
                client,
                request.RedirectUri,
                context.CancellationToken
            )
        )
        {
            context.RedirectUri = request.RedirectUri;
            if (!IsModeKnown(context, request))
            {
                request.ResponseMode = ResponseModes.Query;
            }
        }
    }

    // Whether the engine will find a way to answer in: the mode may be what the request got wrong.
    private static bool IsModeKnown(ApplyAuthorizationResponseContext context, OpenIddictRequest request) =>
        string.IsNullOrEmpty(request.ResponseMode)
            ? request.IsQueryResponseMode() || request.IsFragmentResponseMode()
            : context.Options.ResponseModes.Contains(request.ResponseMode);
}
