using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Accounts;

public class UserSeedTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task Configured_people_are_there_once_confirmed_and_left_as_they_are()
    {
        var account = await server.AddAccountAsync("demo@example.com", account => account.Name = "Renamed");

        await using var scope = server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<UserSeed>().RunAsync();

        var accounts = await server.WithDbAsync(db =>
            db.Users.AsNoTracking().Where(user => user.NormalizedEmail == "DEMO@EXAMPLE.COM").ToListAsync()
        );
        var seeded = Assert.Single(accounts);
        Assert.True(seeded.EmailConfirmed);
        Assert.Equal(("Renamed", account.PasswordHash), (seeded.Name, seeded.PasswordHash));
    }

    [Fact]
    public void Outside_Development_they_stop_the_start()
    {
        using var production = new Production();

        var refusal = Assert.Throws<StartupException>(() => production.StartServer());

        Assert.Contains("remove the section Users", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_who_breaks_the_rules_stops_the_start()
    {
        using var careless = new Careless();

        var refusal = Assert.Throws<StartupException>(() => careless.StartServer());

        Assert.StartsWith("Users:0", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("at least 12 characters", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", refusal.Message, StringComparison.Ordinal);
    }

    private sealed class Production : Server
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseEnvironment("Production");
        }
    }

    private sealed class Careless : Server
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [KeyValuePair.Create("Users:0:Password", "short")];
    }
}
