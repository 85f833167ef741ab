using AuthServer.Tests.Support;

namespace AuthServer.Tests.Clients;

/// <summary>The real program with a configuration file that has mistakes.</summary>
public sealed class StartRefusalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authserver-test-");

    [Fact]
    public async Task A_mistaken_client_stops_the_start_with_a_sentence_per_mistake()
    {
        var (code, errors) = await StartAsync(
            """
            {
              "Clients": [
                { "ClientId": "spa", "GrantTypes": ["authorization_code", "implicit"], "RedirectUrls": ["https://app.example/"] }
              ]
            }
            """
        );

        Assert.Equal(1, code);
        Assert.Collection(
            errors,
            line =>
                Assert.StartsWith(
                    "Clients:0:RedirectUrls is not a known setting",
                    line,
                    StringComparison.Ordinal
                ),
            line => Assert.StartsWith("Clients:0:GrantTypes:1 'implicit'", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Clients:0:RedirectUris is empty", line, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_scope_that_no_api_declares_stops_the_start()
    {
        var (code, errors) = await StartAsync(
            """
            {
              "Clients": [
                {
                  "ClientId": "job", "ClientSecret": "a-test-secret-of-good-length-0123456789",
                  "GrantTypes": ["client_credentials"], "Scopes": ["orders.read"]
                }
              ],
              "Apis": []
            }
            """
        );

        Assert.Equal(1, code);
        Assert.StartsWith(
            "Clients:0:Scopes:0 'orders.read' is declared by no API",
            Assert.Single(errors),
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<(int Code, string[] Errors)> StartAsync(string configuration)
    {
        var file = Path.Combine(_folder.FullName, "mine.json");
        await File.WriteAllTextAsync(file, configuration);
        await using var server = AuthServerProcess.Start(_folder.FullName, $"--config={file}");
        var code = await server.ExitAsync();
        return (code, server.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
