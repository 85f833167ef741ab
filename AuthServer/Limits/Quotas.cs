using AuthServer.Edge;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>
/// Charges a request to one of the endpoints that clients call to whom it has proved to come from. Not before: what
/// anybody can claim would let anybody use up somebody else's quota.
/// </summary>
internal sealed class Quotas(
    Counters counters,
    CounterKeys keys,
    RefusalRecord record,
    IOptions<LimitsOptions> options
)
{
    private readonly Limit _perClient = options.Value.PerClient.Named("per_client");
    private readonly Limit _perUser = options.Value.PerUser.Named("per_user");

    /// <summary>What a client is asked before its proof is looked at, for that costs more than to ask.</summary>
    public Charge AskClient(string clientId) => OfClient(clientId) with { OnlyAsks = true };

    /// <summary>
    /// Charges the client that has just proved who it is, once for a request; false when that was too much, and has been
    /// answered.
    /// </summary>
    public async ValueTask<bool> TakeFromClientAsync(HttpContext http, string clientId)
    {
        if (http.Features.Get<RequestCharge>() is not { IsClientProven: false } request)
        {
            return true;
        }

        request.IsClientProven = true;
        return await TakeAsync(http, OfClient(clientId), accountId: null, clientId);
    }

    /// <summary>
    /// Charges the person whose code or token has just been found good, once for a request, unless a client has been charged:
    /// one that works for many people has the quota for it. False when that was too much, and has been answered.
    /// </summary>
    public async ValueTask<bool> TakeFromPersonAsync(HttpContext http, string accountId)
    {
        if (http.Features.Get<RequestCharge>() is not { IsClientProven: false, IsPersonKnown: false } request)
        {
            return true;
        }

        request.IsPersonKnown = true;
        var charge = new Charge(_perUser, keys.Of("user", accountId));
        return await TakeAsync(http, charge, accountId, clientId: null);
    }

    private async ValueTask<bool> TakeAsync(
        HttpContext http,
        Charge charge,
        string? accountId,
        string? clientId
    )
    {
        var decision = await counters.TakeAsync(charge);
        if (decision.IsAllowed)
        {
            return true;
        }

        await record.AddAsync(charge, accountId, clientId);
        await ErrorResponse.WriteAsync(http, TooMany.Requests(decision.RetryAfter));
        return false;
    }

    private Charge OfClient(string clientId) => new(_perClient, keys.Of("client", clientId));
}
