using AuthServer.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace AuthServer.Tests.Commands;

/// <summary>The demo settings that ship with the program, beneath a configuration file of one's own.</summary>
public sealed class ShippedSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authserver-test-");

    [Fact]
    public void They_are_found_wherever_the_program_is_started()
    {
        var configuration = Configure(ownFile: null);

        Assert.Equal("web-app", configuration["Clients:0:ClientId"]);
    }

    [Fact]
    public void A_list_of_the_own_file_replaces_theirs_whole()
    {
        var configuration = Configure("""{ "Clients": [{ "ClientId": "mine" }] }""");

        Assert.Equal("mine", configuration["Clients:0:ClientId"]);
        Assert.Null(configuration["Clients:0:ClientSecret"]);
        Assert.False(configuration.GetSection("Clients:1").Exists());
    }

    [Fact]
    public void An_empty_list_of_the_own_file_replaces_theirs_too()
    {
        var configuration = Configure("""{ "Users": [] }""");

        Assert.Empty(configuration.GetSection("Users").GetChildren());
    }

    [Fact]
    public void What_the_own_file_does_not_mention_stays_theirs()
    {
        var configuration = Configure("""{ "Users": [] }""");

        Assert.Equal("web-app", configuration["Clients:0:ClientId"]);
        Assert.Equal("False", configuration["Accounts:RequireConfirmedEmail"]);
    }

    [Fact]
    public void A_value_of_the_command_line_goes_into_an_entry_of_the_own_file()
    {
        var configuration = Configure(
            """{ "Clients": [{ "ClientId": "mine" }] }""",
            "--Clients:0:ClientSecret=from-the-vault"
        );

        Assert.Equal("mine", configuration["Clients:0:ClientId"]);
        Assert.Equal("from-the-vault", configuration["Clients:0:ClientSecret"]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ConfigurationManager Configure(string? ownFile, params string[] more)
    {
        List<string> args = ["--environment=Development", .. more];
        if (ownFile is not null)
        {
            var path = Path.Combine(_folder.FullName, "mine.json");
            File.WriteAllText(path, ownFile);
            args.Add($"--config={path}");
        }

        var options = new WebApplicationOptions { Args = [.. args], ContentRootPath = _folder.FullName };
        var builder = WebApplication.CreateBuilder(options);
        builder.AddOwnConfiguration([.. args]);
        return builder.Configuration;
    }
}
