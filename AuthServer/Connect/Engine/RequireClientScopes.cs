using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// A client gets no scope that its settings do not name. The engine makes an exception for <c>openid</c>, and says
/// <c>invalid_request</c> where the standard says <c>invalid_scope</c> (RFC 6749 §4.1.2.1 and §5.2).
/// </summary>
internal sealed class RequireClientScopes(IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    /// <summary>
    /// What a client that acts for itself cannot have: it is nobody who signed in, and asks again rather than
    /// refresh (RFC 6749 §4.4.3).
    /// </summary>
    public static readonly IReadOnlyList<string> OfPersons =
    [
        Scopes.OpenId,
        Scopes.Profile,
        Scopes.Email,
        Scopes.OfflineAccess,
    ];

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) =>
        CheckAsync(context, context.ClientId!, except: []);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) =>
        CheckAsync(context, context.ClientId!, except: []);

    public ValueTask HandleAsync(ValidateTokenRequestContext context) =>
        CheckAsync(
            context,
            context.ClientId!,
            except: context.Request.IsClientCredentialsGrantType() ? OfPersons : []
        );

    private async ValueTask CheckAsync(
        BaseValidatingContext context,
        string clientId,
        IReadOnlyList<string> except
    )
    {
        var client = (await applications.FindByClientIdAsync(clientId, context.CancellationToken))!;
        foreach (var scope in context.Transaction.Request!.GetScopes())
        {
            var permission = Permissions.Prefixes.Scope + scope;
            if (
                except.Contains(scope)
                || !await applications.HasPermissionAsync(client, permission, context.CancellationToken)
            )
            {
                context.Reject(Errors.InvalidScope, $"The client may not have the scope '{scope}'.");
                return;
            }
        }
    }
}
