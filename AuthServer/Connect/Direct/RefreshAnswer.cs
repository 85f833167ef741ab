using AuthServer.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>Turns a refresh token into its successor (RFC 6749 §6).</summary>
internal sealed class RefreshAnswer(
    KnownClients clients,
    Exchange exchange,
    Rotation rotation,
    TimeProvider clock
)
{
    /// <summary>True when it has been answered.</summary>
    public async ValueTask<bool> TryAsync(HttpContext http)
    {
        // The engine may have to know it, after we have waited for our turn to write.
        http.Features.Set(new Arrived(clock.GetTimestamp()));
        if (
            PlainRequest.Of(http.Request, Parameters.GrantType, Parameters.RefreshToken) is not { } request
            || PlainRequest.FieldOf(http.Request, Parameters.RefreshToken) is not { } value
            || await clients.FindAsync(http, request, Permissions.GrantTypes.RefreshToken) is not { } client
            || await exchange.FindAsync(value, TokenTypeIdentifiers.RefreshToken, client, http.RequestAborted)
                is not { IsOffline: true } grant
        )
        {
            return false;
        }

        return await exchange.TryAsync(
            http,
            new Presented(GrantTypes.RefreshToken, request, client, value, grant)
            {
                RefreshToken = rotation.SuccessorOf(value, grant.FamilyId),
                KeepUntil = exchange.EndOfFamily(grant),
            }
        );
    }
}
