using AuthServer.Sessions;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>Notes when a request arrived, before it waits for anything.</summary>
internal sealed class Arrival(TimeProvider clock) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private const string Property = "arrived_at";

    public static Arrived Of(OpenIddictServerTransaction transaction) =>
        (Arrived)transaction.Properties[Property]!;

    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        var noted = context.Transaction.GetHttpRequest()?.HttpContext.Features.Get<Arrived>();
        context.Transaction.Properties.TryAdd(Property, noted ?? new Arrived(clock.GetTimestamp()));
        return ValueTask.CompletedTask;
    }
}
