using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Passes an event to its handlers in their order. The engine's own dispatcher looks through the handlers of all events,
/// hundreds of them, each of the thirty times that a token request comes by.
/// </summary>
internal sealed class Dispatcher(DispatchPlans plans, IServiceProvider request) : IOpenIddictServerDispatcher
{
    public async ValueTask DispatchAsync<TContext>(TContext context)
        where TContext : BaseContext
    {
        foreach (var step in plans.Of<TContext>())
        {
            if (await step.IsActiveAsync(context))
            {
                await step.Handler(request).HandleAsync(context);
                if (IsOver(context))
                {
                    return;
                }
            }
        }
    }

    private static bool IsOver(BaseContext context) =>
        context
            is BaseRequestContext { IsRequestHandled: true }
                or BaseRequestContext { IsRequestSkipped: true }
                or BaseValidatingContext { IsRejected: true };
}

/// <summary>The handlers of each event, found once: they never change while the server runs.</summary>
internal sealed class DispatchPlans(IOptionsMonitor<OpenIddictServerOptions> options, IServiceProvider server)
{
    private readonly ConcurrentDictionary<Type, object> _plans = new();

    public Step<TContext>[] Of<TContext>()
        where TContext : BaseContext =>
        (Step<TContext>[])
            _plans.GetOrAdd(
                typeof(TContext),
                static (type, plans) =>
                    plans
                        .options.CurrentValue.Handlers.Where(handler => handler.ContextType == type)
                        .Select(handler => new Step<TContext>(handler, plans.server))
                        .ToArray(),
                (options, server)
            );
}

/// <summary>One handler of an event, with the conditions under which it runs.</summary>
internal sealed class Step<TContext>(OpenIddictServerHandlerDescriptor descriptor, IServiceProvider server)
    where TContext : BaseContext
{
    private readonly IOpenIddictServerHandlerFilter<TContext>[] _filters =
    [
        .. descriptor.FilterTypes.Select(filter =>
            (IOpenIddictServerHandlerFilter<TContext>)server.GetRequiredService(filter)
        ),
    ];

    private readonly IOpenIddictServerHandler<TContext>? _shared =
        descriptor.ServiceDescriptor.Lifetime is ServiceLifetime.Singleton
            ? (IOpenIddictServerHandler<TContext>)(
                descriptor.ServiceDescriptor.ImplementationInstance
                ?? server.GetRequiredService(descriptor.ServiceDescriptor.ServiceType)
            )
            : null;

    /// <summary>Whether all of its conditions hold.</summary>
    public ValueTask<bool> IsActiveAsync(TContext context) =>
        _filters.Length == 0 ? ValueTask.FromResult(true) : AskAsync(context);

    public IOpenIddictServerHandler<TContext> Handler(IServiceProvider request) =>
        _shared
        ?? (IOpenIddictServerHandler<TContext>)
            request.GetRequiredService(descriptor.ServiceDescriptor.ServiceType);

    private async ValueTask<bool> AskAsync(TContext context)
    {
        foreach (var filter in _filters)
        {
            if (!await filter.IsActiveAsync(context))
            {
                return false;
            }
        }

        return true;
    }
}
