using System.Runtime.CompilerServices;
using AuthServer.Data;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Direct;

/// <summary>Finds the client that a request comes from, if it has proved that it does.</summary>
internal sealed class KnownClients(ClientDirectory directory, ProvenSecrets proven)
{
    // The rows of all clients and scopes are read again together when one of them changes, and these go with them.
    private readonly ConditionalWeakTable<Application, KnownClient> _kept = [];

    /// <summary>
    /// Null for a client that is not known, has not proved who it is, or may not do this; and once for each secret, which the
    /// engine then checks the slow way.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="request">What it says.</param>
    /// <param name="permission">What it is about to do, in the engine's words.</param>
    public async ValueTask<KnownClient?> FindAsync(HttpContext http, PlainRequest request, string permission)
    {
        if (RowOf(request.ClientId) is not { } row || !HasProved(row, request.ClientSecret))
        {
            return null;
        }

        if (!_kept.TryGetValue(row, out var client))
        {
            client = await KnownClient.OfAsync(row, http);
            _kept.AddOrUpdate(row, client);
        }

        return client.May(permission) ? client : null;
    }

    /// <summary>Whether there is still a client of this name.</summary>
    public bool Has(string clientId) => RowOf(clientId) is not null;

    // The first request after a change has the engine read them.
    private Application? RowOf(string clientId) => directory.Kept?.Clients.GetValueOrDefault(clientId);

    private bool HasProved(Application row, string? secret) =>
        row.ClientType == ClientTypes.Public
            ? secret is null
            : secret is not null && row.ClientSecret is { } hash && proven.Holds(hash, secret);
}
