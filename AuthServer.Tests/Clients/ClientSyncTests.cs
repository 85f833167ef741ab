using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace AuthServer.Tests.Clients;

public class ClientSyncTests(Server server) : IClassFixture<Server>
{
    private const string Web = $$"""
        {
          "ClientId": "web", "ClientSecret": "{{Configured.Secret}}",
          "GrantTypes": ["authorization_code", "refresh_token"],
          "RedirectUris": ["https://app.example/callback"],
          "Scopes": ["openid", "offline_access", "orders.read"]
        }
        """;

    private const string Job = $$"""
        { "ClientId": "job", "ClientSecret": "{{Configured.Secret}}", "GrantTypes": ["client_credentials"], "Scopes": ["orders.read"] }
        """;

    [Fact]
    public async Task What_is_declared_exists_and_nothing_else()
    {
        await SyncAsync([Web, Job]);

        Assert.Equal(["job", "web"], await ClientIdsAsync());
        Assert.Equal(["orders.read", "orders.write"], await ScopesAsync());
    }

    [Fact]
    public async Task A_second_sync_writes_nothing()
    {
        await SyncAsync([Web, Job]);
        var before = await StateAsync();

        await SyncAsync([Web, Job]);

        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_change_is_written_to_the_client_it_concerns_alone()
    {
        await SyncAsync([Web, Job]);
        var before = await StateAsync();

        await SyncAsync([Web.Replace("app.example", "new.example", StringComparison.Ordinal), Job]);

        Assert.Equal(
            ["https://new.example/callback"],
            (await DescriptorAsync("web")).RedirectUris.Select(Text)
        );
        var changed = (await StateAsync()).Except(before).ToList();
        Assert.Contains(changed, row => row.StartsWith("web ", StringComparison.Ordinal));
        Assert.DoesNotContain(changed, row => row.StartsWith("job ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_that_is_not_the_secret_leaves_the_secret_alone()
    {
        await SyncAsync([Web]);
        var before = await SecretOfWebAsync();

        await SyncAsync([Web.Replace("app.example", "new.example", StringComparison.Ordinal)]);

        Assert.Equal(before, await SecretOfWebAsync());
        Assert.True(await IsSecretOfWebAsync(Configured.Secret));
    }

    [Fact]
    public async Task A_changed_secret_replaces_the_old_one()
    {
        await SyncAsync([Web]);

        await SyncAsync([
            Web.Replace(Configured.Secret, $"new-{Configured.Secret}", StringComparison.Ordinal),
        ]);

        Assert.False(await IsSecretOfWebAsync(Configured.Secret));
        Assert.True(await IsSecretOfWebAsync($"new-{Configured.Secret}"));
    }

    [Fact]
    public async Task Secrets_are_nowhere_in_the_database()
    {
        await SyncAsync([Web, Job]);

        var text = await DatabaseTextAsync();

        Assert.Contains("https://app.example/callback", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Configured.Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_client_takes_its_authorizations_and_tokens_with_it()
    {
        await SyncAsync([Web, Job]);
        await IssueAsync("web");
        await IssueAsync("job");

        await SyncAsync([Job]);

        Assert.Equal(["job"], await ClientIdsAsync());
        Assert.Equal(
            ["job"],
            await server.WithDbAsync(db => Owners(db.Tokens.Select(t => t.Application!.ClientId)))
        );
        Assert.Equal(
            ["job"],
            await server.WithDbAsync(db => Owners(db.Authorizations.Select(a => a.Application!.ClientId)))
        );
    }

    [Fact]
    public async Task A_scope_follows_its_api()
    {
        await SyncAsync([], """ "Apis": [{ "Name": "a", "Scopes": ["read", "write"] }] """);

        await SyncAsync(
            [],
            """ "Apis": [{ "Name": "b", "Scopes": ["read"], "SigningAlgorithm": "RS256" }] """
        );

        Assert.Equal(["read"], await ScopesAsync());
        var scope = await server.WithDbAsync(db => db.Set<Scope>().AsNoTracking().SingleAsync());
        Assert.Equal("""["b"]""", scope.Resources);
        Assert.Equal("""{"signing_algorithm":"RS256"}""", scope.Properties);
    }

    [Fact]
    public async Task Two_instances_that_start_at_once_make_each_client_once()
    {
        // So many that the instance behind, which only reads, catches up with the one that writes.
        var clients = Enumerable
            .Range(10, 20)
            .Select(i => Job.Replace("job", $"job-{i}", StringComparison.Ordinal))
            .ToArray();
        await SyncAsync([]);
        using var gate = new Barrier(2);

        await Task.WhenAll(StartInstanceAsync(gate, clients), StartInstanceAsync(gate, clients));

        Assert.Equal(Enumerable.Range(10, 20).Select(i => $"job-{i}"), await ClientIdsAsync());
        Assert.Equal(["orders.read", "orders.write"], await ScopesAsync());
    }

    [Fact]
    public async Task A_change_is_recorded_for_the_client_it_concerns()
    {
        await SyncAsync([Web, Job]);
        var last = await server.WithDbAsync(db => db.Audit.MaxAsync(entry => entry.Id));

        await SyncAsync([Web.Replace("app.example", "new.example", StringComparison.Ordinal)]);

        var entries = await server.WithDbAsync(db =>
            db.Audit.Where(e => e.Id > last).Select(e => $"{e.Event} {e.ClientId} {e.Reason}").ToListAsync()
        );
        Assert.Equal(["config.clients_changed web changed", "config.clients_changed job removed"], entries);
    }

    // A thread each, and all at once: SQLite's calls block, so tasks alone would run one after the other.
    private Task StartInstanceAsync(Barrier gate, string[] clients) =>
        Task
            .Factory.StartNew(
                () =>
                {
                    gate.SignalAndWait();
                    return SyncAsync(clients);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .Unwrap();

    private async Task SyncAsync(string[] clients, string apis = Configured.Apis)
    {
        var options = Configured.From($$"""{ "Clients": [{{string.Join(',', clients)}}], {{apis}} }""");
        await using var scope = server.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await new ClientSync(
            services.GetRequiredService<Lazy<AuthDb>>(),
            services.GetRequiredService<OpenIddictApplicationManager<Application>>(),
            services.GetRequiredService<OpenIddictScopeManager<Scope>>(),
            services.GetRequiredService<ClientDirectory>(),
            services.GetRequiredService<AuditLog>(),
            Options.Create(options)
        ).RunAsync(CancellationToken.None);
    }

    private async Task IssueAsync(string clientId)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
        var client = await clients.FindByClientIdAsync(clientId);
        var authorizations = services.GetRequiredService<IOpenIddictAuthorizationManager>();
        var authorization = await authorizations.CreateAsync(
            new OpenIddictAuthorizationDescriptor
            {
                ApplicationId = await clients.GetIdAsync(client!),
                Status = OpenIddictConstants.Statuses.Valid,
                Subject = "ada",
                Type = OpenIddictConstants.AuthorizationTypes.AdHoc,
            }
        );
        await services
            .GetRequiredService<IOpenIddictTokenManager>()
            .CreateAsync(
                new OpenIddictTokenDescriptor
                {
                    ApplicationId = await clients.GetIdAsync(client!),
                    AuthorizationId = await authorizations.GetIdAsync(authorization),
                    Status = OpenIddictConstants.Statuses.Valid,
                    Subject = "ada",
                    Type = OpenIddictConstants.TokenTypeHints.RefreshToken,
                }
            );
    }

    // Every row that a sync could touch, with the mark that OpenIddict renews at each write.
    private Task<List<string>> StateAsync() =>
        server.WithDbAsync(async db =>
        {
            var clients = await db
                .Applications.Select(a => $"{a.ClientId} {a.ConcurrencyToken} {a.ClientSecret}")
                .ToListAsync();
            var scopes = await db.Set<Scope>().Select(s => $"{s.Name} {s.ConcurrencyToken}").ToListAsync();
            return (List<string>)[.. clients, .. scopes, $"audit {await db.Audit.CountAsync()}"];
        });

    private Task<List<string?>> ClientIdsAsync() =>
        server.WithDbAsync(db => Owners(db.Applications.Select(a => a.ClientId)));

    private Task<List<string?>> ScopesAsync() =>
        server.WithDbAsync(db => Owners(db.Set<Scope>().Select(s => s.Name)));

    private static Task<List<string?>> Owners(IQueryable<string?> names) =>
        names.OrderBy(name => name).ToListAsync();

    private Task<string?> SecretOfWebAsync() =>
        server.WithDbAsync(db =>
            db.Applications.Where(a => a.ClientId == "web").Select(a => a.ClientSecret).SingleAsync()
        );

    private async Task<bool> IsSecretOfWebAsync(string secret)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        return await clients.ValidateClientSecretAsync((await clients.FindByClientIdAsync("web"))!, secret);
    }

    private async Task<OpenIddictApplicationDescriptor> DescriptorAsync(string clientId)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var descriptor = new OpenIddictApplicationDescriptor();
        await clients.PopulateAsync(descriptor, (await clients.FindByClientIdAsync(clientId))!);
        return descriptor;
    }

    private static string Text(Uri uri) => uri.OriginalString;

    private async Task<string> DatabaseTextAsync()
    {
        var text = "";
        foreach (var path in Directory.EnumerateFiles(server.Folder, "test.db*"))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
            text += await reader.ReadToEndAsync();
        }

        return text;
    }
}
