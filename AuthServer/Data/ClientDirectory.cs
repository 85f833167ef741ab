using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// The clients and scopes of the database, read whole and kept until one of them changes: nearly every request asks for
/// them, and an operator changes them once in a while.
/// </summary>
internal sealed class ClientDirectory
{
    private volatile DirectoryPage? _page;

    /// <summary>What is kept; null when it must be read.</summary>
    public DirectoryPage? Kept => _page;

    /// <summary>Reads all of it. Nothing in it may be changed: it belongs to all requests.</summary>
    public async Task<DirectoryPage> ReadAsync(AuthDb db, CancellationToken cancellation)
    {
        var page = DirectoryPage.Of(
            await db.Applications.AsNoTracking().ToListAsync(cancellation),
            await db.Set<Scope>().AsNoTracking().ToListAsync(cancellation)
        );
        if (db.Database.CurrentTransaction is null)
        {
            // What a transaction sees may never become true.
            _page = page;
        }

        return page;
    }

    /// <summary>Lets the next request read anew.</summary>
    public void Forget() => _page = null;

    /// <summary>Forgets what is kept if the database has changed since, whoever changed it.</summary>
    public async Task FollowAsync(AuthDb db, CancellationToken cancellation)
    {
        if (_page is { } page)
        {
            var stamps = db
                .Applications.Select(client => client.Id + client.ConcurrencyToken)
                .Concat(db.Set<Scope>().Select(scope => scope.Id + scope.ConcurrencyToken));
            if (!page.Stamps.SetEquals(await stamps.ToListAsync(cancellation)))
            {
                Forget();
            }
        }
    }
}

/// <summary>All clients and scopes as they were at one moment.</summary>
/// <param name="Clients">By the name that they go by.</param>
/// <param name="Scopes">By name.</param>
/// <param name="Stamps">A text for each row, which is another when the row has changed.</param>
internal sealed record DirectoryPage(
    FrozenDictionary<string, Application> Clients,
    FrozenDictionary<string, Scope> Scopes,
    FrozenSet<string> Stamps
)
{
    public static DirectoryPage Of(List<Application> clients, List<Scope> scopes) =>
        new(
            clients.ToFrozenDictionary(client => client.ClientId!, StringComparer.Ordinal),
            scopes.ToFrozenDictionary(scope => scope.Name!, StringComparer.Ordinal),
            clients
                .Select(client => client.Id + client.ConcurrencyToken)
                .Concat(scopes.Select(scope => scope.Id + scope.ConcurrencyToken))
                .ToFrozenSet(StringComparer.Ordinal)
        );
}
