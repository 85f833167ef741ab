using System.Security.Cryptography;
using AuthServer.Data.Statements;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Brings the database to this version and opens what is sealed in it, before anything else starts.</summary>
internal sealed class DatabaseStartup(
    Lazy<AuthDb> db,
    IStatements statements,
    MasterKey masterKey,
    ServerSecrets secrets,
    IDatabase database,
    SharedRing ring,
    IDataProtectionProvider protection,
    IOptions<DataOptions> options
)
{
    /// <summary>Creates or migrates the schema; safe when several instances do so at once.</summary>
    /// <exception cref="StartupException">The database is another program's, or a newer version's.</exception>
    public Task MigrateAsync(CancellationToken cancellation) => database.MigrateAsync(db, cancellation);

    /// <summary>Loads the master key and our own secrets, making both at first start.</summary>
    /// <exception cref="StartupException">The key is missing, or is not the one that sealed the database.</exception>
    public async Task OpenSecretsAsync(CancellationToken cancellation)
    {
        // Nearly always they are there, and nobody has to wait for anybody.
        if (!await TryOpenAsync(cancellation))
        {
            await db.Value.ExclusivelyAsync(Turn.Start, OpenOrCreateAsync, cancellation);
        }

        await ring.FollowAsync(cancellation);
        if (ring.IsEmpty)
        {
            await database.AloneAsync(() => MakeRingAsync(cancellation), cancellation);
        }
    }

    /// <summary>Opens the secrets of a database that has been served, and changes nothing in it.</summary>
    /// <exception cref="StartupException">It is not at this version, was never served, or has another master key.</exception>
    public Task ReadSecretsAsync(CancellationToken cancellation) =>
        ReadSecretsOfAsync(db.Value, "that Data:ConnectionString names", cancellation);

    /// <summary>The same of a database that the settings do not name.</summary>
    /// <param name="from">It, already opened.</param>
    /// <param name="which">Which one, for the operator: "The database …".</param>
    /// <param name="cancellation">Opens nothing.</param>
    /// <exception cref="StartupException">It is not at this version, was never served, or has another master key.</exception>
    public async Task ReadSecretsOfAsync(AuthDb from, string which, CancellationToken cancellation)
    {
        if ((await from.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            throw new StartupException(
                $"The database {which} is not at this version: start the server once on it, or run 'migrate', then try again."
            );
        }

        var rows = await ReadAsync(from, cancellation);
        if (!IsComplete(rows))
        {
            throw new StartupException(
                $"The database {which} has not been served by this version yet: start the server once on it, then try again."
            );
        }

        Load(rows);
    }

    // Two instances with a key each would not open each other's cookies.
    private async Task MakeRingAsync(CancellationToken cancellation)
    {
        await ring.FollowAsync(cancellation);
        if (ring.IsEmpty)
        {
            protection.CreateProtector("start").Protect("");
        }
    }

    private async Task<bool> TryOpenAsync(CancellationToken cancellation)
    {
        var rows = await statements.AllAsync(KeyRows.Secrets, KeyRows.ReadSecret, cancellation);
        var isComplete = IsComplete(rows);
        if (isComplete)
        {
            Load(rows);
        }

        return isComplete;
    }

    private async Task OpenOrCreateAsync(CancellationToken cancellation)
    {
        var rows = (await ReadAsync(db.Value, cancellation)).ToDictionary(
            row => row.Name,
            StringComparer.Ordinal
        );
        LoadMasterKey(mayCreate: rows.Count == 0);

        var values = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in ServerSecrets.Names)
        {
            values[name] = rows.TryGetValue(name, out var row) ? Open(row) : Add(name);
        }

        await db.Value.SaveChangesAsync(cancellation);
        secrets.Load(values);
    }

    private static Task<List<Secret>> ReadAsync(AuthDb from, CancellationToken cancellation) =>
        from.Secrets.AsNoTracking().ToListAsync(cancellation);

    private static bool IsComplete(List<Secret> rows) =>
        !ServerSecrets.Names.Except(rows.Select(row => row.Name), StringComparer.Ordinal).Any();

    private void Load(List<Secret> rows)
    {
        LoadMasterKey(mayCreate: false);
        secrets.Load(rows.ToDictionary(row => row.Name, Open, StringComparer.Ordinal));
    }

    private void LoadMasterKey(bool mayCreate) =>
        masterKey.Load(MasterKeyFile.Read(options.Value, mayCreate), MasterKeyFile.ReadOthers(options.Value));

    private byte[] Open(Secret row)
    {
        try
        {
            return masterKey.Unprotect(row.Protected, row.Name);
        }
        catch (CryptographicException exception)
        {
            throw new StartupException(
                "The master key does not open this database: set Data:MasterKeyFile or Data:MasterKey to the key that it was made with, or name that key in Data:OtherMasterKeyFiles.",
                exception
            );
        }
    }

    private byte[] Add(string name)
    {
        var value = RandomNumberGenerator.GetBytes(32);
        db.Value.Secrets.Add(new Secret { Name = name, Protected = masterKey.Protect(value, name) });
        return value;
    }
}
