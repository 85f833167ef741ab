using System.Globalization;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Keys;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace AuthServer.Commands;

/// <summary>The verbs <c>keys …</c>. They may run beside the server, which follows by itself.</summary>
internal static class KeyVerbs
{
    // What the framework gives a key of the ring.
    private static readonly TimeSpan RingKeyLifetime = TimeSpan.FromDays(90);

    /// <summary>Prints every key with its state and its times.</summary>
    public static Task<int> ListAsync(WebApplication app) =>
        WithKeysAsync(
            app,
            async store =>
            {
                var rows = await store.LookAsync(CancellationToken.None);
                Console.WriteLine(
                    "algorithm  key                     state    made                  signs from"
                );
                foreach (
                    var key in rows.OrderBy(key => key.Algorithm, StringComparer.Ordinal)
                        .ThenBy(key => key.ActivatesAt)
                )
                {
                    var state = StateOf(key, store.RingOf(key.Algorithm, rows));
                    Console.WriteLine(
                        $"{key.Algorithm, -9}  {key.Id, -22}  {state, -7}  {key.CreatedAt:u}  {key.ActivatesAt:u}"
                    );
                }

                return 0;
            }
        );

    /// <summary>Publishes the next key of every algorithm now.</summary>
    public static Task<int> RotateAsync(WebApplication app) =>
        WithKeysAsync(
            app,
            async store =>
            {
                foreach (var algorithm in KeyMaterial.Algorithms)
                {
                    var next = await store.RotateAsync(algorithm, CancellationToken.None);
                    Console.WriteLine(
                        next is null
                            ? $"{algorithm}: the next key is published already; nothing was changed."
                            : string.Create(
                                CultureInfo.InvariantCulture,
                                $"{algorithm}: {next.Id} is published now and signs from {next.ActivatesAt:u}."
                            )
                    );
                }

                return 0;
            }
        );

    /// <summary>Revokes one key, for the day on which somebody else may have it. 1 when there is none of that name.</summary>
    public static Task<int> RevokeAsync(WebApplication app, string kid) =>
        WithKeysAsync(
            app,
            async store =>
            {
                if (!await store.RevokeAsync(kid, CancellationToken.None))
                {
                    await Console.Error.WriteLineAsync(
                        $"There is no key '{kid}' that could be revoked: 'keys list' names them."
                    );
                    return 1;
                }

                Console.WriteLine(
                    $"{kid} is revoked: no instance signs with it or takes what it signed. APIs forget it when they next fetch the key set; restart them if that cannot wait."
                );
                return 0;
            }
        );

    /// <summary>
    /// Ends every cookie, form and link in a letter, for the day on which somebody may have forged them. The key that
    /// protects the next ones is made here, so that all instances use the same.
    /// </summary>
    public static Task<int> RevokeCookiesAsync(WebApplication app) =>
        WithDatabaseAsync(
            app,
            async services =>
            {
                var ring = services.GetRequiredService<IKeyManager>();
                var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                // Told first: the ring keeps its own transactions, and none of them shall go untold.
                services.GetRequiredService<AuditLog>().Record(AuditEvent.RingRevoked);
                await services.GetRequiredService<AuthDb>().SaveChangesAsync();
                ring.RevokeAllKeys(now, "by an operator");
                ring.CreateNewKey(now, now + RingKeyLifetime);
                Console.WriteLine(
                    "The ring is revoked: every instance refuses the cookies, forms and links made before, within half a minute. People sign in again; applications keep their tokens."
                );
                return 0;
            }
        );

    /// <summary>Seals all that the database holds with the master key of now.</summary>
    public static Task<int> ResealAsync(WebApplication app) =>
        WithDatabaseAsync(
            app,
            async services =>
            {
                var audit = services.GetRequiredService<AuditLog>();
                var count = await services
                    .GetRequiredService<Resealing>()
                    .RunAsync(
                        rows => audit.Record(AuditEvent.KeysResealed, reason: $"{rows} rows"),
                        CancellationToken.None
                    );
                Console.WriteLine(
                    $"{count} rows were sealed by another master key, and none is any more: take Data:OtherMasterKeys and Data:OtherMasterKeyFiles away when every instance seals with the new one."
                );
                return 0;
            }
        );

    private static string StateOf(SigningKey key, KeyRing? ring) =>
        key switch
        {
            { RevokedAt: not null } => "revoked",
            _ when key.Id == ring?.Current.Id => "current",
            _ when ring?.Next.Any(next => next.Id == key.Id) == true => "next",
            _ => "retired",
        };

    private static Task<int> WithKeysAsync(WebApplication app, Func<KeyStore, Task<int>> work) =>
        WithDatabaseAsync(app, services => work(services.GetRequiredService<KeyStore>()));

    private static async Task<int> WithDatabaseAsync(
        WebApplication app,
        Func<IServiceProvider, Task<int>> work
    )
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<DatabaseStartup>()
            .ReadSecretsAsync(CancellationToken.None);
        return await work(scope.ServiceProvider);
    }
}
