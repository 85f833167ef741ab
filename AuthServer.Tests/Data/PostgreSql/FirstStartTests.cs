using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>Instances that start at once on a database that nobody has served.</summary>
public sealed class FirstStartTests
{
    [PostgreSqlFact]
    public async Task They_make_everything_once()
    {
        using var folder = new Folder();
        var database = await PostgreSqlServer.NewDatabaseAsync();
        var key = folder.At("master-key");
        Instance[] instances = [new(database, key), new(database, key), new(database, key)];
        try
        {
            await Task.WhenAll(instances.Select(instance => Task.Run(instance.InitializeAsync)));

            var (ring, keys, people, told) = await instances[0]
                .WithDbAsync(async db =>
                    (
                        await db.DataProtectionKeys.CountAsync(),
                        await db
                            .SigningKeys.GroupBy(row => row.Algorithm)
                            .Select(g => g.Count())
                            .ToListAsync(),
                        await db.Users.CountAsync(),
                        await db.Audit.CountAsync(row => row.Event == "migration")
                    )
                );

            Assert.Equal(1, ring);
            Assert.Equal([1, 1, 1], keys);
            Assert.Equal(1, people);
            Assert.Equal(1, told);
        }
        finally
        {
            foreach (var instance in instances)
            {
                await instance.DisposeAsync();
            }

            await PostgreSqlServer.DropAsync(database);
        }
    }

    private sealed class Instance(string database, string key) : PostgreSqlTestServer
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Data:ConnectionString", database), new("Data:MasterKeyFile", key)];
    }
}
