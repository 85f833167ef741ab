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
    ) => (await directory.PageAsync(cancellationToken)).Clients.GetValueOrDefault(identifier);

    public override async ValueTask CreateAsync(Application application, CancellationToken cancellationToken)
    {
        await base.CreateAsync(application, cancellationToken);
        await directory.ChangedAsync(Context, cancellationToken);
    }

    public override async ValueTask UpdateAsync(Application application, CancellationToken cancellationToken)
    {
        await base.UpdateAsync(application, cancellationToken);
        await directory.ChangedAsync(Context, cancellationToken);
    }

    public override async ValueTask DeleteAsync(Application application, CancellationToken cancellationToken)
    {
        await base.DeleteAsync(application, cancellationToken);
        await directory.ChangedAsync(Context, cancellationToken);
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
    ) => (await directory.PageAsync(cancellationToken)).Scopes.GetValueOrDefault(name);

    public override async IAsyncEnumerable<Scope> FindByNamesAsync(
        ImmutableArray<string> names,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var page = await directory.PageAsync(cancellationToken);
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
        await directory.ChangedAsync(Context, cancellationToken);
    }

    public override async ValueTask UpdateAsync(Scope scope, CancellationToken cancellationToken)
    {
        await base.UpdateAsync(scope, cancellationToken);
        await directory.ChangedAsync(Context, cancellationToken);
    }

    public override async ValueTask DeleteAsync(Scope scope, CancellationToken cancellationToken)
    {
        await base.DeleteAsync(scope, cancellationToken);
        await directory.ChangedAsync(Context, cancellationToken);
    }
}

/// <summary>How the stores tell the directory of a change.</summary>
internal static class DirectoryChange
{
    /// <summary>What is written in a transaction is not true yet; whoever commits it forgets what was kept before.</summary>
    public static async ValueTask ChangedAsync(
        this ClientDirectory directory,
        IOpenIddictEntityFrameworkCoreContext context,
        CancellationToken cancellation
    )
    {
        var db = await context.GetDbContextAsync(cancellation);
        if (db.Database.CurrentTransaction is null)
        {
            directory.Forget();
        }
    }
}
