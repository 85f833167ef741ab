using System.Collections.Frozen;
using AuthServer.Data.Statements;

namespace AuthServer.Data;

/// <summary>
/// The clients and scopes of the database, read whole and kept until one of them changes: nearly every request asks for
/// them, and an operator changes them once in a while.
/// </summary>
internal sealed class ClientDirectory(IStatements statements)
{
    private volatile DirectoryPage? _page;

    /// <summary>What is kept; null when it must be read.</summary>
    public DirectoryPage? Kept => _page;

    /// <summary>What is kept, or else what is there now.</summary>
    public async ValueTask<DirectoryPage> PageAsync(CancellationToken cancellation) =>
        _page ?? await ReadAsync(cancellation);

    /// <summary>Reads all of it. Nothing in it may be changed: it belongs to all requests.</summary>
    public async Task<DirectoryPage> ReadAsync(CancellationToken cancellation) =>
        _page = DirectoryPage.Of(
            await statements.AllAsync(DirectoryRows.Clients, DirectoryRows.ReadClient, cancellation),
            await statements.AllAsync(DirectoryRows.Scopes, DirectoryRows.ReadScope, cancellation)
        );

    /// <summary>Lets the next request read anew.</summary>
    public void Forget() => _page = null;

    /// <summary>Forgets what is kept if the database has changed since, whoever changed it.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        if (
            _page is { } page
            && !page.Stamps.SetEquals(
                await statements.AllAsync(DirectoryRows.Stamps, DirectoryRows.ReadStamp, cancellation)
            )
        )
        {
            Forget();
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
