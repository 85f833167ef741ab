using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// RFC 6749 §5.2: a client that does not prove who it is gets <c>invalid_client</c>, with a challenge. The engine
/// calls some such requests incomplete before it looks who sent them. No client of ours can register a key, so an
/// assertion proves nothing.
/// </summary>
internal sealed class RequireClientProof
    : IOpenIddictServerHandler<ValidateTokenRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context) => Check(context);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) => Check(context);

    private static ValueTask Check(BaseValidatingContext context)
    {
        var request = context.Transaction.Request!;
        if (
            string.IsNullOrEmpty(request.ClientId)
            || request.ClientAssertion is not null
            || request.ClientAssertionType is not null
        )
        {
            context.Reject(Errors.InvalidClient, "The client must prove who it is by its secret.");
        }

        return ValueTask.CompletedTask;
    }
}
