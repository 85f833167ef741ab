using AuthServer.Accounts.External;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.External;

[Trait("Requirement", "C-89")]
public class ExternalOptionsTests
{
    [Theory]
    [InlineData("id", "", "https://token.example/", "External:Google:ClientSecret is missing")]
    [InlineData("", "secret", "https://token.example/", "External:Google:ClientId is missing")]
    [InlineData("id", "secret", "http://token.example/", "External:Google:TokenEndpoint must be")]
    [InlineData("id", "secret", "token", "External:Google:TokenEndpoint must be")]
    [InlineData("id", "secret", "", "External:Google:TokenEndpoint must be")]
    [InlineData("id", "secret", "http://localhost:5000/", null)]
    [InlineData("", "", "https://token.example/", null)]
    public void Half_of_the_settings_and_addresses_that_are_none_are_refused(
        string id,
        string secret,
        string endpoint,
        string? words
    )
    {
        var google = new GoogleSettings
        {
            ClientId = id,
            ClientSecret = secret,
            TokenEndpoint = endpoint,
        };

        var mistake = google.Mistake();

        Assert.Equal(words is null, mistake is null);
        Assert.StartsWith(words ?? "", mistake ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_setting_stops_the_start()
    {
        using var folder = new Folder();
        await using var server = AuthServerProcess.Start(
            folder.Path,
            "check-config",
            "--External:Google:ClientIdd=x"
        );

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("ClientIdd", server.Error, StringComparison.Ordinal);
    }
}
