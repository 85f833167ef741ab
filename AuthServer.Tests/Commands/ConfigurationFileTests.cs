using AuthServer.Tests.Support;

namespace AuthServer.Tests.Commands;

/// <summary>The admin's own file: where it is named, what it wins over, and what is said when it is broken.</summary>
public sealed class ConfigurationFileTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\n  \"Issuer\": \"http://localhost/\",\n  \"Data\": { oops }\n}", "line 3")]
    [InlineData("{ \"Issuer\": ", "line 1")]
    [InlineData("", "line 1")]
    [InlineData("[]", "Top-level JSON element must be an object")]
    [InlineData("{ \"a\": 1, \"A\": 2 }", "duplicate key 'A'")]
    public async Task A_broken_file_is_named_with_the_line(string text, string place)
    {
        var path = _folder.Write("own.json", text);
        await using var server = AuthServerProcess.Start(_folder.Path, "--config", path);

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains($"'{path}'", server.Error, StringComparison.Ordinal);
        Assert.Contains(place, server.Error, StringComparison.Ordinal);
        Assert.Single(server.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_file_that_does_not_exist_is_named()
    {
        await using var server = AuthServerProcess.Start(_folder.Path, "--config=none.json");

        Assert.Equal(1, await server.ExitAsync());
        Assert.Equal(
            "The configuration file 'none.json' does not exist: correct --config or AUTHSERVER_CONFIG.",
            server.Error.TrimEnd()
        );
    }

    [Fact]
    public async Task The_variable_names_a_file_and_a_variable_wins_over_the_file()
    {
        _folder.Write("own.json", """{ "Data": { "ConnectionString": "Data Source=file.db" } }""");
        await MigrateAsync(new() { ["AUTHSERVER_CONFIG"] = "own.json" });
        await MigrateAsync(
            new()
            {
                ["AUTHSERVER_CONFIG"] = "own.json",
                ["Data__ConnectionString"] = "Data Source=variable.db",
            }
        );

        Assert.True(File.Exists(_folder.At("file.db")));
        Assert.True(File.Exists(_folder.At("variable.db")));
        Assert.False(File.Exists(_folder.At("authserver.db")));
    }

    [Fact]
    public async Task Files_of_a_folder_of_secrets_win_over_the_own_file_and_give_way_to_variables()
    {
        var secrets = Directory.CreateDirectory(_folder.At("secrets")).FullName;
        // As editors and shells write it, with a line break at the end.
        await File.WriteAllTextAsync(
            Path.Combine(secrets, "Data__ConnectionString"),
            "Data Source=secret.db\n"
        );
        _folder.Write("own.json", """{ "Data": { "ConnectionString": "Data Source=file.db" } }""");
        var environment = new Dictionary<string, string?>
        {
            ["AUTHSERVER_CONFIG"] = "own.json",
            ["AUTHSERVER_SECRETS"] = secrets,
        };
        await MigrateAsync(environment);
        environment["Data__ConnectionString"] = "Data Source=variable.db";
        await MigrateAsync(environment);

        Assert.True(File.Exists(_folder.At("secret.db")));
        Assert.True(File.Exists(_folder.At("variable.db")));
        Assert.False(File.Exists(_folder.At("file.db")));
    }

    [Fact]
    public async Task A_folder_of_secrets_that_does_not_exist_is_named()
    {
        await using var server = AuthServerProcess.Start(
            _folder.Path,
            new Dictionary<string, string?> { ["AUTHSERVER_SECRETS"] = "nowhere" }
        );

        Assert.Equal(1, await server.ExitAsync());
        Assert.StartsWith("The folder 'nowhere' does not exist", server.Error, StringComparison.Ordinal);
    }

    private async Task MigrateAsync(Dictionary<string, string?> environment)
    {
        await using var migrate = AuthServerProcess.Start(_folder.Path, environment, "migrate");
        Assert.Equal(0, await migrate.ExitAsync());
    }
}
