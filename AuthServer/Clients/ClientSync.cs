using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace AuthServer.Clients;

/// <summary>Makes the clients and scopes of the database equal to the configuration; writes nothing when they are.</summary>
internal sealed class ClientSync(
    Lazy<AuthDb> db,
    OpenIddictApplicationManager<Application> applications,
    OpenIddictScopeManager<Scope> scopes,
    ClientDirectory directory,
    AuditLog audit,
    IOptions<ClientsOptions> options
)
{
    private AuthDb Db => db.Value;

    /// <summary>All or nothing, and safe when several instances start at once.</summary>
    /// <exception cref="OptionsValidationException">The configuration of clients or APIs is mistaken.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var clients = options.Value.Clients.Select(client => ClientDescriptor.Of(client.Settings)).ToList();
        var declared = options.Value.Apis.SelectMany(api => ClientDescriptor.ScopesOf(api.Settings)).ToList();
        var page = await directory.ReadAsync(cancellation);
        if (
            await AreSameAsync(declared, page, cancellation)
            && await AreSameAsync(clients, page, cancellation)
        )
        {
            // As at nearly every start; and what was read serves the first request.
            return;
        }

        await Db.ExclusivelyAsync(
            Turn.Start,
            async cancellation =>
            {
                await SyncScopesAsync(declared, cancellation);
                await SyncClientsAsync(clients, cancellation);
                await Db.SaveChangesAsync(cancellation);
            },
            cancellation
        );
        directory.Forget();
    }

    private async Task SyncScopesAsync(
        List<OpenIddictScopeDescriptor> declared,
        CancellationToken cancellation
    )
    {
        foreach (var wanted in declared)
        {
            var scope = await Db.Set<Scope>().FirstOrDefaultAsync(s => s.Name == wanted.Name, cancellation);
            if (scope is null)
            {
                await scopes.CreateAsync(wanted, cancellation);
                audit.Record(AuditEvent.ClientsChanged, reason: $"scope {wanted.Name} added");
                continue;
            }

            if (!await IsSameAsync(wanted, scope, cancellation))
            {
                await scopes.UpdateAsync(scope, wanted, cancellation);
                audit.Record(AuditEvent.ClientsChanged, reason: $"scope {wanted.Name} changed");
            }
        }

        var names = declared.ConvertAll(scope => scope.Name);
        foreach (
            var scope in await Db.Set<Scope>().Where(s => !names.Contains(s.Name)).ToListAsync(cancellation)
        )
        {
            await scopes.DeleteAsync(scope, cancellation);
            audit.Record(AuditEvent.ClientsChanged, reason: $"scope {scope.Name} removed");
        }
    }

    private async Task SyncClientsAsync(
        List<OpenIddictApplicationDescriptor> declared,
        CancellationToken cancellation
    )
    {
        foreach (var wanted in declared)
        {
            var client = await Db.Applications.FirstOrDefaultAsync(
                a => a.ClientId == wanted.ClientId,
                cancellation
            );
            if (client is null)
            {
                await applications.CreateAsync(wanted, cancellation);
                audit.Record(AuditEvent.ClientsChanged, clientId: wanted.ClientId, reason: "added");
            }
            else
            {
                await UpdateAsync(client, wanted, cancellation);
            }
        }

        // A client takes its authorizations and tokens with it.
        var ids = declared.ConvertAll(client => client.ClientId);
        foreach (
            var client in await Db
                .Applications.Where(a => !ids.Contains(a.ClientId))
                .ToListAsync(cancellation)
        )
        {
            await applications.DeleteAsync(client, cancellation);
            audit.Record(AuditEvent.ClientsChanged, clientId: client.ClientId, reason: "removed");
        }
    }

    private async Task UpdateAsync(
        Application client,
        OpenIddictApplicationDescriptor wanted,
        CancellationToken cancellation
    )
    {
        var present = await DescribeAsync(client, cancellation);
        var isSame = ClientDescriptor.IsSame(wanted, present);
        if (await HasSecretAsync(client, wanted.ClientSecret, cancellation))
        {
            if (isSame)
            {
                return;
            }

            // OpenIddict hashes what differs from the hash it has.
            wanted.ClientSecret = present.ClientSecret;
        }

        await applications.UpdateAsync(client, wanted, cancellation);
        audit.Record(
            AuditEvent.ClientsChanged,
            clientId: wanted.ClientId,
            reason: isSame ? "secret changed" : "changed"
        );
    }

    private async Task<bool> AreSameAsync(
        List<OpenIddictScopeDescriptor> declared,
        DirectoryPage page,
        CancellationToken cancellation
    )
    {
        foreach (var wanted in declared)
        {
            if (
                !page.Scopes.TryGetValue(wanted.Name!, out var scope)
                || !await IsSameAsync(wanted, scope, cancellation)
            )
            {
                return false;
            }
        }

        return declared.Count == page.Scopes.Count;
    }

    private async Task<bool> AreSameAsync(
        List<OpenIddictApplicationDescriptor> declared,
        DirectoryPage page,
        CancellationToken cancellation
    )
    {
        foreach (var wanted in declared)
        {
            if (
                !page.Clients.TryGetValue(wanted.ClientId!, out var client)
                || !ClientDescriptor.IsSame(wanted, await DescribeAsync(client, cancellation))
                || !await HasSecretAsync(client, wanted.ClientSecret, cancellation)
            )
            {
                return false;
            }
        }

        return declared.Count == page.Clients.Count;
    }

    private async Task<bool> IsSameAsync(
        OpenIddictScopeDescriptor wanted,
        Scope scope,
        CancellationToken cancellation
    )
    {
        var present = new OpenIddictScopeDescriptor();
        await scopes.PopulateAsync(present, scope, cancellation);
        return ClientDescriptor.IsSame(wanted, present);
    }

    private async Task<OpenIddictApplicationDescriptor> DescribeAsync(
        Application client,
        CancellationToken cancellation
    )
    {
        var present = new OpenIddictApplicationDescriptor();
        await applications.PopulateAsync(present, client, cancellation);
        return present;
    }

    private async Task<bool> HasSecretAsync(
        Application client,
        string? secret,
        CancellationToken cancellation
    ) =>
        secret is null || client.ClientSecret is null
            ? secret == client.ClientSecret
            : await applications.ValidateClientSecretAsync(client, secret, cancellation);
}
