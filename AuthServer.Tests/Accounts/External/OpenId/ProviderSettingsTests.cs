using System.Security.Cryptography;
using AuthServer.Accounts.External;
using AuthServer.Accounts.External.OpenId;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Accounts.External.OpenId;

[Trait("Requirement", "C-89")]
public class ProviderSettingsTests
{
    [Theory]
    [InlineData("https://idp.example/", "id", "secret", "Corp", "", null)]
    [InlineData("http://localhost:5001", "id", "secret", "Corp", "", null)]
    [InlineData("http://idp.example/", "id", "secret", "Corp", "", "External:Oidc:0:Authority is")]
    [InlineData("https://idp.example/?x=1", "id", "secret", "Corp", "", "External:Oidc:0:Authority is")]
    [InlineData("https://user@idp.example/", "id", "secret", "Corp", "", "External:Oidc:0:Authority is")]
    [InlineData("idp.example", "id", "secret", "Corp", "", "External:Oidc:0:Authority is")]
    [InlineData("", "id", "secret", "Corp", "", "External:Oidc:0:Authority is")]
    [InlineData("https://idp.example/", "", "secret", "Corp", "", "External:Oidc:0:ClientId is missing")]
    [InlineData("https://idp.example/", "id", "", "Corp", "", "External:Oidc:0:ClientSecret is missing")]
    [InlineData("https://idp.example/", "id", "secret", "", "corp", "External:Oidc:0:DisplayName must")]
    [InlineData("https://idp.example/", "id", "secret", " Corp", "", "External:Oidc:0:DisplayName must")]
    [InlineData("https://idp.example/", "id", "secret", "Corp", "a/b", "External:Oidc:0:Name is 'a/b'")]
    [InlineData("https://idp.example/", "id", "secret", "漢字", "", "External:Oidc:0:Name is ''")]
    [InlineData(
        "https://idp.example/",
        "id",
        "secret",
        "Google",
        "",
        "External:Oidc:0:Name 'google' belongs"
    )]
    public void An_entry_of_the_list_must_be_whole(
        string authority,
        string id,
        string secret,
        string displayName,
        string name,
        string? words
    )
    {
        var entry = new OidcSettings
        {
            Authority = authority,
            ClientId = id,
            ClientSecret = secret,
            DisplayName = displayName,
            Name = name,
        };

        AssertMistake(words, new ExternalOptions { Oidc = [entry] });
    }

    [Fact]
    public void A_name_has_at_most_50_characters()
    {
        var entry = Entry(new string('x', 51));

        AssertMistake("External:Oidc:0:DisplayName must", new ExternalOptions { Oidc = [entry] });
    }

    [Fact]
    public void Two_entries_have_two_names()
    {
        var options = new ExternalOptions { Oidc = [Entry("Example Corp"), Entry("Example, Corp")] };

        AssertMistake("External:Oidc has 'example-corp' more than once", options);
    }

    [Theory]
    [InlineData("id", "", "common", "External:Microsoft:ClientSecret is missing")]
    [InlineData("", "secret", "common", "External:Microsoft:ClientId is missing")]
    [InlineData("id", "secret", "contoso.com", "External:Microsoft:Tenant is")]
    [InlineData("id", "secret", "11111111-2222-3333-4444-555555555555", null)]
    public void Microsoft_needs_credentials_and_a_tenant(
        string id,
        string secret,
        string tenant,
        string? words
    )
    {
        var microsoft = new MicrosoftSettings
        {
            ClientId = id,
            ClientSecret = secret,
            Tenant = tenant,
        };

        AssertMistake(words, new ExternalOptions { Microsoft = microsoft });
    }

    [Theory]
    [InlineData("", "team", "key", "pem", "External:Apple:ClientId is missing")]
    [InlineData("id", "", "key", "pem", "External:Apple:TeamId is missing")]
    [InlineData("id", "team", "", "pem", "External:Apple:KeyId is missing")]
    [InlineData("id", "team", "key", "", "External:Apple:PrivateKeyFile or PrivateKey is needed")]
    [InlineData("id", "team", "key", "nonsense", "External:Apple:PrivateKey is not")]
    [InlineData("id", "team", "key", "public", "External:Apple:PrivateKey is not")]
    [InlineData("id", "team", "key", "pem", null)]
    public void Apple_needs_a_team_and_a_key(string id, string team, string keyId, string key, string? words)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var apple = new AppleSettings
        {
            ClientId = id,
            TeamId = team,
            KeyId = keyId,
            PrivateKey = key switch
            {
                "pem" => pair.ExportPkcs8PrivateKeyPem(),
                "public" => pair.ExportSubjectPublicKeyInfoPem(),
                _ => key,
            },
        };

        AssertMistake(words, new ExternalOptions { Apple = apple });
    }

    [Fact]
    public void Apples_key_may_stand_in_its_file()
    {
        using var folder = new Folder();
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(folder.Path, "AuthKey.p8");
        var apple = new AppleSettings
        {
            ClientId = "id",
            TeamId = "team",
            KeyId = "key",
            PrivateKeyFile = file,
        };

        AssertMistake("External:Apple:PrivateKeyFile is not", new ExternalOptions { Apple = apple });
        File.WriteAllText(file, pair.ExportPkcs8PrivateKeyPem());
        AssertMistake(null, new ExternalOptions { Apple = apple });
    }

    [Fact]
    public void Half_of_GitHub_is_refused()
    {
        var gitHub = new GitHubSettings { ClientId = "id" };

        AssertMistake("External:GitHub:ClientSecret is missing", new ExternalOptions { GitHub = gitHub });
    }

    [Theory]
    [InlineData(
        "--External:Oidc:0:Authorityy=https://idp.example/",
        "External:Oidc:0:Authorityy is not a known setting"
    )]
    [InlineData("--External:Oidc:0:Authority=idp.example", "External:Oidc:0:Authority is 'idp.example'")]
    public async Task A_wrong_entry_stops_the_start_with_a_sentence(string setting, string words)
    {
        using var folder = new Folder();
        await using var server = AuthServerProcess.Start(folder.Path, "check-config", setting);

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains(words, server.Error, StringComparison.Ordinal);
    }

    private static OidcSettings Entry(string displayName) =>
        new()
        {
            Authority = "https://idp.example/",
            ClientId = "id",
            ClientSecret = "secret",
            DisplayName = displayName,
        };

    private static void AssertMistake(string? words, ExternalOptions options)
    {
        var mistake = options.Mistake();

        Assert.Equal(words is null, mistake is null);
        Assert.StartsWith(words ?? "", mistake ?? "", StringComparison.Ordinal);
    }
}
