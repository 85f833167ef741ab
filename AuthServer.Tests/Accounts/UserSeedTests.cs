using AuthServer.Accounts;
using AuthServer.Tests.Support;
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
    public async Task Outside_Development_they_stop_the_start()
    {
        using var folder = new Folder();
        await using var program = AuthServerProcess.Start(
            folder.Path,
            "--Issuer=https://login.example/",
            "--Users:0:Email=demo@example.com"
        );

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("remove the section Users", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_name_stops_the_start_before_anything_is_made()
    {
        using var folder = new Folder();
        var development = new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        await using var program = AuthServerProcess.Start(
            folder.Path,
            development,
            "--Users:0:Emial=demo@example.com"
        );

        Assert.Equal(1, await program.ExitAsync());
        Assert.StartsWith(
            "Users:0:Emial is not a known setting (did you mean 'Email'?): there are Email, Password, Name.",
            program.Error,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task One_who_breaks_the_rules_stops_the_start()
    {
        using var folder = new Folder();
        var development = new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        await using var program = AuthServerProcess.Start(
            folder.Path,
            development,
            "--Users:0:Email=demo@example.com",
            "--Users:0:Name=Ada",
            "--Users:0:Password=short"
        );

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("Users:0", program.Error, StringComparison.Ordinal);
        Assert.Contains("at least 12 characters", program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("short", program.Error, StringComparison.Ordinal);
    }
}
