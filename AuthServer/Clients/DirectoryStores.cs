using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AuthServer.Data;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>
/// OpenIddict's store of clients, which looks them up in the <see cref="ClientDirectory"/> by the name that they go by. Whoever
/// wants to change one asks for it by its row, and gets one of their own.
/// </summary>
internal sealed class DirectoryApplicationStore(
    IMemoryCache cache,
    IOpenIddictEntityFrameworkCoreContext context,
    IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options,
    ClientDirectory directory
)
    : OpenIddictEntityFrameworkCoreApplicationStore<Application, Authorization, Token, string>(
        cache,
        context,
        options
    )
{
    public override async ValueTask<Application?> FindByClientIdAsync(
        string identifier,
        CancellationToken cancellationToken
    ) => (await directory.ReadAsync(Context, cancellationToken)).Clients.GetValueOrDefault(identifier);

    public override async ValueTask CreateAsync(Application application, CancellationToken cancellationToken)
    {
        await base.CreateAsync(application, cancellationToken);
        directory.Forget();
    }

    public override async ValueTask UpdateAsync(Application application, CancellationToken cancellationToken)
    {
        await base.UpdateAsync(application, cancellationToken);
        directory.Forget();
    }

    public override async ValueTask DeleteAsync(Application application, CancellationToken cancellationToken)
    {
        await base.DeleteAsync(application, cancellationToken);
        directory.Forget();
    }
}

/// <summary>OpenIddict's store of scopes; the same for them.</summary>
internal sealed class DirectoryScopeStore(
    IMemoryCache cache,
    IOpenIddictEntityFrameworkCoreContext context,
    IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options,
    ClientDirectory directory
) : OpenIddictEntityFrameworkCoreScopeStore<Scope, string>(cache, context, options)
{
    public override async ValueTask<Scope?> FindByNameAsync(
        string name,
        CancellationToken cancellationToken
    ) => (await directory.ReadAsync(Context, cancellationToken)).Scopes.GetValueOrDefault(name);

    public override async IAsyncEnumerable<Scope> FindByNamesAsync(
        ImmutableArray<string> names,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var page = await directory.ReadAsync(Context, cancellationToken);
        foreach (var name in names)
        {
            if (page.Scopes.GetValueOrDefault(name) is { } scope)
            {
                yield return scope;
            }
        }
    }

    public override async ValueTask CreateAsync(Scope scope, CancellationToken cancellationToken)
    {
        await base.CreateAsync(scope, cancellationToken);
        directory.Forget();
    }

    public override async ValueTask UpdateAsync(Scope scope, CancellationToken cancellationToken)
    {
        await base.UpdateAsync(scope, cancellationToken);
        directory.Forget();
    }

    public override async ValueTask DeleteAsync(Scope scope, CancellationToken cancellationToken)
    {
        await base.DeleteAsync(scope, cancellationToken);
        directory.Forget();
    }
}

/// <summary>How the stores read the directory: on the connection that the request has, not on another one.</summary>
internal static class DirectoryReading
{
    public static async ValueTask<DirectoryPage> ReadAsync(
        this ClientDirectory directory,
        IOpenIddictEntityFrameworkCoreContext context,
        CancellationToken cancellation
    ) =>
        directory.Kept
        ?? await directory.ReadAsync((AuthDb)await context.GetDbContextAsync(cancellation), cancellation);
}
