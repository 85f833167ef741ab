using System.Globalization;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Refuses what the engine would ignore or misread, so that no client believes it was honoured.</summary>
internal sealed class RefuseUnsupported
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => Refuse(context);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) => Refuse(context);

    private static ValueTask Refuse(BaseValidatingContext context)
    {
        var request = context.Transaction.Request!;
        if (request.HasParameter("authorization_details"))
        {
            // RFC 9396 §5.
            context.Reject(
                "invalid_authorization_details",
                "This server takes scopes, not authorization_details."
            );
        }
        else if (request.GetParameter(Parameters.MaxAge) is { } maxAge && !IsCount((string?)maxAge))
        {
            context.Reject(Errors.InvalidRequest, "The parameter max_age must be a number of seconds.");
        }

        return ValueTask.CompletedTask;
    }

    private static bool IsCount(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
