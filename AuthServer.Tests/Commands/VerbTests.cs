using AuthServer.Tests.Support;

namespace AuthServer.Tests.Commands;

public sealed class VerbTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_unknown_verb_is_wrong_usage()
    {
        await using var server = AuthServerProcess.Start(_folder.Path, "sing");

        Assert.Equal(2, await server.ExitAsync());
        Assert.StartsWith("'sing' is not a verb of this program.", server.Error, StringComparison.Ordinal);
        Assert.Contains("migrate", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_without_a_path_is_wrong_usage()
    {
        await using var server = AuthServerProcess.Start(_folder.Path, "--config");

        Assert.Equal(2, await server.ExitAsync());
        Assert.StartsWith("--config needs the path", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_tells_the_verbs()
    {
        await using var server = AuthServerProcess.Start(_folder.Path, "help");

        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("healthcheck", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_makes_the_database_and_may_be_repeated()
    {
        for (var i = 0; i < 2; i++)
        {
            await using var migrate = AuthServerProcess.Start(_folder.Path, "migrate");
            Assert.Equal(0, await migrate.ExitAsync());
            Assert.Empty(migrate.Error);
        }

        Assert.True(File.Exists(_folder.At("authserver.db")));
        Assert.False(File.Exists(_folder.At("authserver.db.master-key")));
    }

    [Fact]
    public async Task Passwords_makes_those_that_are_missing_and_keeps_the_others()
    {
        _folder.Write("Redis__Password", "kept");
        for (var i = 0; i < 2; i++)
        {
            await using var passwords = AuthServerProcess.Start(_folder.Path, "passwords", _folder.Path);
            Assert.Equal(0, await passwords.ExitAsync());
            Assert.Equal(
                i == 0,
                passwords.Output.Contains("Data__Password is made.", StringComparison.Ordinal)
            );
        }

        Assert.Equal("kept", await File.ReadAllTextAsync(_folder.At("Redis__Password")));
        Assert.Matches("^[0-9a-f]{64}$", await File.ReadAllTextAsync(_folder.At("Data__Password")));
        await using var nowhere = AuthServerProcess.Start(_folder.Path, "passwords", _folder.At("nowhere"));
        Assert.Equal(1, await nowhere.ExitAsync());
        Assert.StartsWith("The passwords cannot be made", nowhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthcheck_tells_a_server_that_lives_from_one_that_does_not()
    {
        await using var server = AuthServerProcess.Start(_folder.Path);
        await server.ReadyAsync();

        Assert.Equal(0, await HealthOfAsync(server.Address));
        await server.TerminateAsync();
        await server.ExitAsync();
        Assert.Equal(1, await HealthOfAsync(server.Address));
    }

    // As in a container, where the variables that the server listens by are those of the check too.
    private async Task<int> HealthOfAsync(Uri address)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = $"http://+:{address.Port}",
        };
        await using var check = AuthServerProcess.Start(_folder.Path, environment, "healthcheck");
        return await check.ExitAsync();
    }
}
