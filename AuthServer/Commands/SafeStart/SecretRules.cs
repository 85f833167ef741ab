using AuthServer.Data;
using static AuthServer.Commands.SafeStart.Rule;

namespace AuthServer.Commands.SafeStart;

/// <summary>Keys, passwords and secrets: how good they are, and who can read them.</summary>
internal static class SecretRules
{
    private const int LeastBcryptCost = 12;

    private static readonly string[] Secrets = ["ClientSecret", "MasterKey", "Password", "BearerToken"];

    public static readonly IReadOnlyList<Rule> All =
    [
        new("G-02", "Data:MasterKeyFile", "a key file that everybody on the machine may read", ReadableKey)
        {
            Flag = "AllowReadableKeyFile",
        },
        new("G-02", "Data:MasterKey", "a key that is no random one", WeakKey),
        // Accounts refuses them, also where no start is judged.
        new("G-04", "Users", "people whose passwords stand in the configuration", _ => []),
        Always(
            "G-06",
            "Clients",
            "wildcard or http redirects, implicit or password grant, a secret under 32 characters, a public client without PKCE"
        ),
        new("G-06", "Clients", "a confidential client without PKCE", WithoutPkce) { IsWarning = true },
        new(
            "G-09",
            "Passwords:BcryptCost",
            "less than 12; the shortest password is 12 characters always",
            CheapHash
        )
        {
            Flag = "AllowWeakPasswordHash",
        },
        new("G-22", "the command line", "a secret, which every user of the machine sees", OnCommandLine)
        {
            Flag = "AllowSecretsOnCommandLine",
        },
        new("G-22", "appsettings.json", "a secret in the file that ships with the program", InShippedFile),
    ];

    private static IEnumerable<string> ReadableKey(Facts facts)
    {
        var path = PathOfKey(facts);
        if (OperatingSystem.IsWindows() || facts.Text("Data:MasterKey").Length > 0 || !File.Exists(path))
        {
            return [];
        }

        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return When(
            (File.GetUnixFileMode(path) & others) != UnixFileMode.None,
            $"Data:MasterKeyFile '{path}' may be read by everybody on this machine: take that away with 'chmod 600'."
        );
    }

    private static string PathOfKey(Facts facts)
    {
        var data = facts.Settings.GetSection("Data").Get<DataOptions>() ?? new DataOptions();
        return !Databases.AreKnownBy(data.Provider) || Databases.Of(data).Mistake is not null
            ? data.MasterKeyFile ?? ""
            : MasterKeyFile.PathOf(data);
    }

    private static IEnumerable<string> WeakKey(Facts facts)
    {
        Span<byte> key = stackalloc byte[64];
        return When(
            Convert.TryFromBase64String(facts.Text("Data:MasterKey"), key, out var length)
                && length == 32
                && key[..32].ToArray().Distinct().Count() < 16,
            "Data:MasterKey is no random key: make one with 'openssl rand -base64 32'."
        );
    }

    private static IEnumerable<string> WithoutPkce(Facts facts) =>
        facts
            .List("Clients")
            .Where(client =>
                string.Equals(client["RequirePkce"], "false", StringComparison.OrdinalIgnoreCase)
            )
            .Select(client =>
                $"{client.Path}:RequirePkce is false, so only its nonce protects the codes of '{client["ClientId"]}': let the client send a code challenge and remove the setting."
            );

    private static IEnumerable<string> CheapHash(Facts facts) =>
        When(
            facts.Number("Passwords:BcryptCost", LeastBcryptCost) < LeastBcryptCost,
            $"Passwords:BcryptCost is {facts.Text("Passwords:BcryptCost")}, so stolen hashes are guessed quickly: write {LeastBcryptCost} or more, or leave it out."
        );

    private static IEnumerable<string> OnCommandLine(Facts facts) =>
        facts
            .OnCommandLine.Where(key => IsSecret(facts, key))
            .Select(key =>
                $"{key} stands on the command line, where every user of this machine can read it: put it into an environment variable or your configuration file."
            );

    private static IEnumerable<string> InShippedFile(Facts facts) =>
        facts
            .InShippedFile.Where(key => IsSecret(facts, key))
            .Select(key =>
                $"{key} stands in the appsettings.json beside the program, which everybody has who has the image: put it into an environment variable or your configuration file."
            );

    private static bool IsSecret(Facts facts, string key)
    {
        var name = key.Split(':')[^1];
        return Secrets.Contains(name, StringComparer.OrdinalIgnoreCase)
            || key.StartsWith("Data:OtherMasterKeys:", StringComparison.OrdinalIgnoreCase)
            || (
                string.Equals(name, "ConnectionString", StringComparison.OrdinalIgnoreCase)
                && facts.Text(key).Contains("password=", StringComparison.OrdinalIgnoreCase)
            );
    }
}
