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

    private static IDataProtector Protector(Server server) =>
        server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private sealed class SecondServer(Server first) : Server
    {
        protected override Server? Twin => first;
    }
}
