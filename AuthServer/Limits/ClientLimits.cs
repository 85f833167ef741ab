using AuthServer.Edge;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>
/// Charges a request to one of the endpoints that clients call. One that brings credentials is let through as long as
/// its address has not been refused too often, and charged to the client once they have proved right
/// (<see cref="Quotas"/>); any other is charged to the address, and, once it has turned out whom it speaks for, to that
/// person instead. So an office behind one address is not locked out by honest refreshes.
/// </summary>
internal sealed class ClientLimits(
    RequestDelegate next,
    Counters counters,
    CounterKeys keys,
    FreeRequests free,
    Quotas quotas,
    RefusalRecord record,
    IOptions<LimitsOptions> options
)
{
    private static readonly PathString[] Paths =
    [
        "/connect/token",
        "/connect/introspect",
        "/connect/revoke",
        "/connect/par",
        "/connect/userinfo",
    ];

    private readonly Limit _perAddress = options.Value.Global.Named("global");
    private readonly Limit _perRefused = options.Value.Global.Named("refused_clients");

    public static bool IsFor(HttpRequest request) =>
        Array.Exists(
            Paths,
            path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)
        );

    public async Task InvokeAsync(HttpContext http)
    {
        if (!IsFor(http.Request) || free.Contains(http))
        {
            await next(http);
            return;
        }

        var outcome = new RequestCharge();
        http.Features.Set(outcome);
        var client = await PresentedClient.OfAsync(http.Request);
        var address = keys.Of("address", CounterKeys.Subscriber(http.Connection.RemoteIpAddress));
        var refused = new Charge(_perRefused, address, OnlyAsks: true);
        Charge[] charges = client is null
            ? [new Charge(_perAddress, address)]
            : [quotas.AskClient(client), refused];
        var decision = await counters.TakeAsync(charges);
        if (!decision.IsAllowed)
        {
            await record.AddAsync(decision.Exceeded.Value);
            await ErrorResponse.WriteAsync(http, TooMany.Requests(decision.RetryAfter));
            return;
        }

        // Just before the answer begins, so that whoever reads it meets the new figures; or, when there is none, at the end.
        var settlement = new Settlement(() =>
            Settle(
                http.Response.StatusCode,
                outcome,
                decision.Taken,
                client is null ? null : refused with { OnlyAsks = false }
            )
        );
        http.Response.OnStarting(settlement.Run);
        http.Response.OnCompleted(settlement.Run);
        await next(http);
    }

    private void Settle(int status, RequestCharge outcome, Reservation taken, Charge? refused)
    {
        if (refused is { } charge)
        {
            // What failed on our side is nobody's guess.
            if (!outcome.IsClientProven && status < 500)
            {
                _ = counters.TakeAsync(charge).AsTask();
            }
        }
        else if (outcome.IsPersonKnown)
        {
            taken.GiveBack();
        }
    }

    /// <summary>Runs once, and does not wait.</summary>
    private sealed class Settlement(Action settle)
    {
        private int _hasRun;

        public Task Run()
        {
            if (Interlocked.Exchange(ref _hasRun, 1) == 0)
            {
                settle();
            }

            return Task.CompletedTask;
        }
    }
}
