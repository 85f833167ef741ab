using AuthServer.Data;
using AuthServer.Edge;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>
/// Charges a request before anything is done for it, even before its body is read: to the person who is signed in,
/// else to the address. What clients call is left to <see cref="ClientLimits"/>.
/// </summary>
internal sealed class RequestLimits(
    RequestDelegate next,
    Counters counters,
    CounterKeys keys,
    FreeRequests free,
    RefusalRecord record,
    IOptions<LimitsOptions> options
)
{
    private readonly Limit _perAddress = options.Value.Global.Named("global");
    private readonly Limit _perUser = options.Value.PerUser.Named("per_user");

    public async Task InvokeAsync(HttpContext http)
    {
        if (free.Contains(http))
        {
            await next(http);
            return;
        }

        if (ClientLimits.IsFor(http.Request))
        {
            await next(http);
            if (http.Features.Get<RequestCharge>() is null)
            {
                // Its body could not be read, so it never came as far as to be charged.
                await counters.TakeAsync(OfAddress(http));
            }

            return;
        }

        var accountId = await SignedInAsync(http);
        var charge = accountId is null ? OfAddress(http) : new Charge(_perUser, keys.Of("user", accountId));
        var decision = await counters.TakeAsync(charge);
        if (decision.IsAllowed)
        {
            await next(http);
            return;
        }

        await record.AddAsync(charge, accountId);
        await ErrorResponse.WriteAsync(http, TooMany.Requests(decision.RetryAfter));
    }

    // The answer is kept for the request, so the database is not asked again; without a cookie it is not asked at all.
    private static async ValueTask<string?> SignedInAsync(HttpContext http) =>
        SignIn.From((await http.AuthenticateAsync(SignIn.Scheme)).Principal)?.AccountId;

    private Charge OfAddress(HttpContext http) =>
        new(_perAddress, keys.Of("address", CounterKeys.Subscriber(http.Connection.RemoteIpAddress)));
}
