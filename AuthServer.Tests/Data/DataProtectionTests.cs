using System.Security.Cryptography;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Data;

[Trait("Requirement", "C-43")]
public class DataProtectionTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task The_ring_is_stored_sealed()
    {
        Protector(server).Protect("cookie");

        var ring = await server.WithDbAsync(db =>
            db.DataProtectionKeys.Select(key => key.Xml!).ToListAsync()
        );

        Assert.NotEmpty(ring);
        Assert.All(ring, xml => Assert.Contains("<sealed ", xml, StringComparison.Ordinal));
        Assert.All(ring, xml => Assert.DoesNotContain("<masterKey", xml, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_one_instance_protects_another_on_the_same_database_opens()
    {
        var sealedText = Protector(server).Protect("cookie");

        await using var second = new SecondServer(server);
        await second.InitializeAsync();

        Assert.Equal("cookie", Protector(second).Unprotect(sealedText));
    }

    [Fact]
    public async Task What_an_operator_revoked_no_instance_opens_any_more_and_all_go_on_with_one_new_key()
    {
        // Not the one that the other tests share, whose ring would have a revocation in it.
        await using var first = new Server();
        await first.InitializeAsync();
        await using var second = new SecondServer(first);
        await second.InitializeAsync();
        var before = Protector(first).Protect("cookie");
        Assert.Equal("cookie", Protector(second).Unprotect(before));

        var environment = new Dictionary<string, string?>
        {
            ["Data__Provider"] = PostgreSqlServer.IsWanted ? "PostgreSql" : "Sqlite",
            ["Data__ConnectionString"] = first.Database,
            ["Data__MasterKeyFile"] = Path.Combine(first.Folder, "test.db.master-key"),
        };
        await using (
            var verb = AuthServerProcess.Start(first.Folder, environment, "keys", "revoke", "cookies")
        )
        {
            Assert.Equal(0, await verb.ExitAsync());
        }

        foreach (var instance in new[] { first, second })
        {
            await Patience.UntilAsync(
                "the instance follows",
                () => Task.FromResult(!Opens(instance, before))
            );
        }

        Assert.True(Opens(second, Protector(first).Protect("cookie")));
        Assert.True(Opens(first, Protector(second).Protect("cookie")));
        Assert.True(await first.WithDbAsync(db => db.Audit.AnyAsync(row => row.Event == "ring.revoked")));
    }

    private static bool Opens(Server instance, string text)
    {
        try
        {
            return Protector(instance).Unprotect(text) == "cookie";
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static IDataProtector Protector(Server server) =>
        server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private sealed class SecondServer(Server first) : Server
    {
        protected override Server? Twin => first;
    }
}
