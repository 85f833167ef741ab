using System.Runtime.Versioning;
using AuthServer.Commands.SafeStart;
using AuthServer.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace AuthServer.Tests.Commands.SafeStart;

/// <summary>The list itself: what each rule finds, and what a flag allows.</summary>
public class RulesTests
{
    private static readonly Dictionary<string, string?> Good = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Issuer"] = "https://login.example.com/",
        ["Proxies:Known:0"] = "10.0.0.7",
        ["Mail:Host"] = "mail.example.com",
    };

    public static TheoryData<string, string, string> Bad =>
        new()
        {
            { "G-01", "Issuer=", "Issuer is not set" },
            { "G-01", "Issuer=;Clients:0:ClientId=spa;Unsafe:TrialWithoutIssuer=true", "Issuer is not set" },
            { "G-01", "Issuer=http://login.example.com/", "Issuer is 'http://login.example.com/'" },
            { "G-01", "Issuer=https://localhost/", "Issuer is 'https://localhost/'" },
            {
                "G-02",
                "Data:MasterKey=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "Data:MasterKey is no random key"
            },
            { "G-05", "Cors:AllowedOrigins:0=http://app.example.com", "Cors:AllowedOrigins:0 is" },
            { "G-07", "Proxies:Known:1=0.0.0.0/0", "Proxies:Known:1 is '0.0.0.0/0'" },
            { "G-07", "Proxies:Known:1=::/0", "Proxies:Known:1 is '::/0'" },
            { "G-07", "Proxies:Known:1=128.0.0.0/1", "Proxies:Known:1 is '128.0.0.0/1'" },
            { "G-07", "ForwardedHeaders_Enabled=true", "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes" },
            { "G-08", "AllowedHosts=*", "AllowedHosts is '*'" },
            { "G-09", "Passwords:BcryptCost=11", "Passwords:BcryptCost is 11" },
            { "G-10", "Instances=two", "Instances is 'two'" },
            { "G-10", "RateLimits:ExemptNetworks:0=::/0", "RateLimits:ExemptNetworks:0 is '::/0'" },
            { "G-10", "RateLimits:SignInFailures:PermitLimit=1000", "RateLimits:SignInFailures:PermitLimit" },
            { "G-10", "Instances=2;Data:Provider=PostgreSql", "Redis:ConnectionString is empty" },
            { "G-11", "Instances=2;Redis:ConnectionString=localhost:6379", "Data:Provider is Sqlite" },
            {
                "G-11",
                "Data:Provider=PostgreSql;Data:ConnectionString=Host=db.example.com",
                "SSL Mode=VerifyFull"
            },
            {
                "G-11",
                "Data:Provider=PostgreSql;Data:ConnectionString=Host=db,SSL Mode=Prefer",
                "SSL Mode=VerifyFull"
            },
            { "G-11", "Redis:ConnectionString=redis:6379,password=x", "add 'ssl=true'" },
            { "G-11", "Redis:ConnectionString=redis:6379,ssl=true", "has no password" },
            { "G-13", "DetailedErrors=1", "DetailedErrors shows" },
            { "G-13", "Logging:LogLevel:Microsoft=Debug", "Logging:LogLevel:Microsoft is Debug" },
            { "G-14", "Proxies:Known:0=", "Proxies:Known is empty" },
            { "G-15", "External:Google:ClientId=x", "External:Google:ClientSecret is missing" },
            { "G-15", "External:Google:ClientSecret=x", "External:Google:ClientId is missing" },
            { "G-15", "External:Google:Authority=https://evil.example", "External:Google:Authority lets" },
            {
                "G-15",
                "External:Google:AuthorizationEndpoint=https://evil.example",
                "External:Google:AuthorizationEndpoint lets"
            },
            {
                "G-15",
                "External:Google:TokenEndpoint=https://evil.example",
                "External:Google:TokenEndpoint lets"
            },
            {
                "G-15",
                "External:Google:UserInformationEndpoint=https://evil.example",
                "External:Google:UserInformationEndpoint lets"
            },
            {
                "G-15",
                "External:Google:KeysEndpoint=https://evil.example",
                "External:Google:KeysEndpoint lets"
            },
            {
                "G-15",
                "External:GitHub:UserInformationEndpoint=https://evil.example",
                "External:GitHub:UserInformationEndpoint lets"
            },
            {
                "G-15",
                "External:Microsoft:MetadataEndpoint=https://evil.example",
                "External:Microsoft:MetadataEndpoint lets"
            },
            {
                "G-15",
                "External:Apple:MetadataEndpoint=https://evil.example",
                "External:Apple:MetadataEndpoint lets"
            },
            { "G-15", "External:Oidc:0:Authority=http://idp.example", "External:Oidc:0:Authority is" },
            { "G-15", "External:Oidc:0:Authority=https://localhost:5001", "External:Oidc:0:Authority is" },
            { "G-16", "Logging:LogLevel:Default=Warning", "Logging:LogLevel:Default is Warning" },
            { "G-17", "Mail:Host=", "Mail:Host is empty" },
        };

    [Theory]
    [Trait("Requirement", "C-89")]
    [MemberData(nameof(Bad))]
    public void A_setting_that_is_unsafe_is_the_one_reason_not_to_start(
        string id,
        string changes,
        string words
    )
    {
        var refusal = Assert.Single(Judge(Changed(changes)).Refusals);

        Assert.StartsWith(
            words.Split(' ')[0] is "add" or "has" or "SSL" ? "" : words,
            refusal,
            StringComparison.Ordinal
        );
        Assert.Contains(words, refusal, StringComparison.Ordinal);
        Assert.EndsWith($" ({id})", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Requirement", "C-89")]
    [InlineData("")]
    [InlineData("urls=https://0.0.0.0:8443;Proxies:Known:0=")]
    [InlineData("Kestrel:Endpoints:Web:Url=https://0.0.0.0:8443;Proxies:Known:0=")]
    [InlineData("Proxies:Known:1=10.0.0.0/8;Proxies:Known:2=fd00::/8")]
    [InlineData("Redis:ConnectionString=127.0.0.1:6379,localhost,[::1]:6379")]
    [InlineData("Redis:ConnectionString=redis.example.com:6380,ssl=true,password=x")]
    [InlineData("Data:Provider=PostgreSql;Data:ConnectionString=Host=/run/postgresql")]
    [InlineData("Data:Provider=PostgreSql;Data:ConnectionString=Host=127.0.0.1:5433")]
    [InlineData("Data:Provider=PostgreSql;Data:ConnectionString=Host=[::1]:5433")]
    [InlineData("Data:Provider=PostgreSql;Data:ConnectionString=Host=::1")]
    [InlineData("Data:Provider=PostgreSql;Data:ConnectionString=Host=LocalHost:5432")]
    [InlineData("Data:Provider=PostgreSql;Data:ConnectionString=Host=db,SSL Mode=VerifyFull")]
    [InlineData(
        "Instances=3;Data:Provider=PostgreSql;Data:ConnectionString=Host=localhost;Redis:ConnectionString=localhost"
    )]
    [InlineData("External:Google:ClientId=x;External:Google:ClientSecret=y")]
    [InlineData("External:Oidc:0:Authority=https://login.example.com/;External:Microsoft:ClientId=x")]
    [InlineData("Logging:LogLevel:Default=Warning;Logging:LogLevel:AuthServer.Audit=Information")]
    [InlineData("Passwords:BcryptCost=13;AllowedHosts=login.example.com")]
    [InlineData("Issuer=;Mail:Host=;Unsafe:TrialWithoutIssuer=true")]
    public void Good_settings_start(string changes)
    {
        Assert.Empty(Judge(Changed(changes)).Refusals);
    }

    [Theory]
    [Trait("Requirement", "C-89")]
    [InlineData("127.0.0.1:5433,localhost", 0)]
    [InlineData("127.0.0.1,db.example.com", 1)]
    [InlineData("localhost.example.com:5432", 1)]
    public void Every_one_of_several_hosts_of_a_database_must_be_this_machine_or_speak_TLS(
        string hosts,
        int refusals
    )
    {
        var settings = Changed("Data:Provider=PostgreSql");
        settings["Data:ConnectionString"] = $"Host={hosts};Username=authserver";

        Assert.Equal(refusals, Judge(settings).Refusals.Count);
    }

    [Fact]
    [Trait("Requirement", "C-89")]
    public void All_reasons_are_told_at_once()
    {
        var ids = Judge(Changed("Issuer=http://localhost/;AllowedHosts=*;Passwords:BcryptCost=4;Mail:Host="))
            .Refusals.Select(refusal => refusal[^6..]);

        Assert.Equal(["(G-01)", "(G-08)", "(G-09)", "(G-17)"], ids);
    }

    [Fact]
    [Trait("Requirement", "C-89")]
    public void Each_flag_allows_what_its_rule_refuses_and_is_told()
    {
        foreach (var (id, changes, _) in Bad.Select(row => ((string)row[0], (string)row[1], (string)row[2])))
        {
            foreach (var flag in FlagsFor(id, changes))
            {
                var verdict = Judge(Changed($"{changes};Unsafe:{flag}=true"));

                Assert.Empty(verdict.Refusals);
                Assert.Equal([flag], verdict.Flags);
            }
        }
    }

    [Fact]
    public void A_flag_that_nothing_needs_is_not_told()
    {
        Assert.Empty(Judge(Changed("Unsafe:AllowHttpIssuer=true")).Flags);
    }

    [Theory]
    [InlineData(
        "Unsafe:AllowHttpIsuer=true",
        "Unsafe:AllowHttpIsuer is no flag (did you mean 'AllowHttpIssuer'?)"
    )]
    [InlineData("Unsafe:AllowHttpIssuer=yes", "Unsafe:AllowHttpIssuer must be true or false.")]
    public void A_flag_that_is_misspelt_is_refused_in_Development_too(string changes, string words)
    {
        var verdict = Verdict.On(FactsOf(Changed(changes)), isDevelopment: true);

        Assert.StartsWith(words, Assert.Single(verdict.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void In_Development_nothing_of_the_list_is_refused()
    {
        var verdict = Verdict.On(FactsOf(Changed("Issuer=;AllowedHosts=*;Mail:Host=")), isDevelopment: true);

        Assert.Empty(verdict.Refusals);
    }

    [Theory]
    [Trait("Requirement", "C-89")]
    [InlineData("10.0.6", "lets anybody forge cookies")]
    [InlineData("10.0.12", "has known weaknesses")]
    public void A_runtime_with_known_weaknesses_is_refused(string version, string words)
    {
        var facts = FactsOf(Good) with { Runtime = Version.Parse(version) };

        Assert.Contains(words, Assert.Single(Verdict.On(facts, false).Refusals), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-89")]
    public void A_clock_before_the_program_was_built_is_refused()
    {
        var facts = FactsOf(Good);
        facts = facts with { Now = facts.Built.AddDays(-2) };

        Assert.EndsWith(
            "set the clock. (G-21)",
            Assert.Single(Verdict.On(facts, false).Refusals),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [Trait("Requirement", "C-89")]
    [InlineData("Clients:0:ClientSecret")]
    [InlineData("Data:MasterKey")]
    [InlineData("Data:ConnectionString")]
    public void A_secret_on_the_command_line_or_in_the_shipped_file_is_refused(string key)
    {
        var settings = Changed($"{key}=Password=aaaaabbbbbcccccdddddeeeee01234567890123");
        var typed = FactsOf(settings) with { OnCommandLine = [key] };
        var shipped = FactsOf(settings) with { InShippedFile = [key] };

        Assert.StartsWith($"{key} stands on the command line", Single(typed), StringComparison.Ordinal);
        Assert.StartsWith($"{key} stands in the appsettings.json", Single(shipped), StringComparison.Ordinal);

        static string Single(Facts facts) => Assert.Single(Verdict.On(facts, isDevelopment: false).Refusals);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    [Trait("Requirement", "C-89")]
    public void A_key_file_that_everybody_may_read_is_refused()
    {
        using var folder = new Folder();
        var path = folder.Write("key", "x");
        var settings = Changed($"Data:MasterKeyFile={path}");

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Single(Judge(settings).Refusals), StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Empty(Judge(settings).Refusals);
    }

    [Theory]
    [InlineData("Clients:0:RequirePkce=false", "Clients:0:RequirePkce is false")]
    [InlineData(
        "Data:Provider=PostgreSql;Data:ConnectionString=Host=localhost,Username=postgres",
        "superuser 'postgres'"
    )]
    public void Some_things_are_only_warned_about(string changes, string words)
    {
        var verdict = Judge(Changed(changes));

        Assert.Empty(verdict.Refusals);
        Assert.Contains(words, Assert.Single(verdict.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Root_and_a_writable_program_are_only_warned_about()
    {
        var verdict = Verdict.On(
            FactsOf(Good) with
            {
                IsRoot = true,
                MayWriteProgram = true,
            },
            isDevelopment: false
        );

        Assert.Empty(verdict.Refusals);
        Assert.Equal(2, verdict.Warnings.Count);
    }

    private static IEnumerable<string> FlagsFor(string id, string changes) =>
        Rules
            .All.Where(rule =>
                rule.Id == id && rule.Flag is not null && rule.Find(FactsOf(Changed(changes))).Any()
            )
            .Select(rule => rule.Flag!);

    // A comma stands for the semicolon of a connection string.
    private static Dictionary<string, string?> Changed(string changes)
    {
        var settings = new Dictionary<string, string?>(Good, StringComparer.OrdinalIgnoreCase);
        foreach (var change in changes.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = (change.Split('=', 2)[0], change.Split('=', 2)[1]);
            var isPostgreSql = value.StartsWith("Host=", StringComparison.Ordinal);
            settings[key] = isPostgreSql ? value.Replace(',', ';') : value;
            if (value.Length == 0)
            {
                settings.Remove(key);
            }
        }

        return settings;
    }

    private static Verdict Judge(Dictionary<string, string?> settings) =>
        Verdict.On(FactsOf(settings), isDevelopment: false);

    private static Facts FactsOf(Dictionary<string, string?> settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), [], [])
        {
            Runtime = new Version(10, 0, 13),
            Built = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Now = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
        };
}
