using System.Data.Common;
using System.Net;
using Microsoft.Data.Sqlite;
using static AuthServer.Commands.SafeStart.Rule;

namespace AuthServer.Commands.SafeStart;

/// <summary>What several instances share, and how they reach it.</summary>
internal static class StoreRules
{
    private const int MostSignInFailures = 100;

    private static readonly string[] NetworkFileSystems =
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "fuse.sshfs",
    ];

    private static readonly string[] Encrypted =
    [
        "require",
        "verifyca",
        "verify-ca",
        "verifyfull",
        "verify-full",
    ];

    public static readonly IReadOnlyList<Rule> All =
    [
        new(
            "G-10",
            "RateLimits",
            "limits that let guessing go on, or an exemption for everybody",
            LooseLimits
        )
        {
            Flag = "AllowLooseRateLimits",
        },
        new("G-10", "Instances", "what is no number of servers", NoNumber),
        new("G-10", "Redis:ConnectionString", "several Instances that count apart", SeparateCounters)
        {
            Flag = "AllowSeparateCounters",
        },
        new("G-11", "Data:Provider", "SQLite under several Instances", SharedSqlite)
        {
            Flag = "AllowSharedSqlite",
        },
        new("G-11", "Data:ConnectionString", "SQLite on a network file system", NetworkSqlite),
        new("G-11", "Data:ConnectionString", "PostgreSQL on another machine without TLS", PlainPostgreSql)
        {
            Flag = "AllowPlaintextDatabase",
        },
        new("G-11", "Redis:ConnectionString", "Redis on another machine without TLS and password", PlainRedis)
        {
            Flag = "AllowPlaintextRedis",
        },
        new("G-12", "Data:ConnectionString", "the superuser of PostgreSQL", Superuser) { IsWarning = true },
    ];

    private static bool IsPostgreSql(Facts facts) =>
        facts.Text("Data:Provider").Equals("PostgreSql", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> LooseLimits(Facts facts) =>
        [
            .. When(
                facts.Number("RateLimits:SignInFailures:PermitLimit", otherwise: 5) > MostSignInFailures,
                $"RateLimits:SignInFailures:PermitLimit is over {MostSignInFailures}, so passwords can be guessed: write a small number such as 5."
            ),
            .. facts
                .List("RateLimits:ExemptNetworks")
                .Where(network => network.Value?.EndsWith("/0", StringComparison.Ordinal) == true)
                .Select(network =>
                    $"{network.Path} is '{network.Value}', which exempts everybody: list the networks of your own machines."
                ),
        ];

    private static IEnumerable<string> NoNumber(Facts facts) =>
        When(
            facts.Text("Instances").Length > 0 && facts.Number("Instances", otherwise: 0) < 1,
            $"Instances is '{facts.Text("Instances")}', which is no number of servers: write how many share the database, or leave it out."
        );

    private static IEnumerable<string> SeparateCounters(Facts facts) =>
        When(
            facts.Number("Instances", otherwise: 1) > 1 && facts.Text("Redis:ConnectionString").Length == 0,
            "Redis:ConnectionString is empty, so each of your Instances counts guesses on its own: set it to a Redis that they share."
        );

    private static IEnumerable<string> SharedSqlite(Facts facts) =>
        When(
            facts.Number("Instances", otherwise: 1) > 1 && !IsPostgreSql(facts),
            "Data:Provider is Sqlite, which is for one instance: set it to PostgreSql, or Instances to 1."
        );

    private static IEnumerable<string> NetworkSqlite(Facts facts)
    {
        if (IsPostgreSql(facts))
        {
            return [];
        }

        try
        {
            var text = facts.Settings["Data:ConnectionString"] ?? "Data Source=authserver.db";
            var path = Path.GetFullPath(new SqliteConnectionStringBuilder(text).DataSource);
            return When(
                NetworkFileSystems.Contains(new DriveInfo(Path.GetDirectoryName(path)!).DriveFormat),
                $"Data:ConnectionString names '{path}' on a network file system, whose locks SQLite cannot trust: put the database on a local disk."
            );
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return [];
        }
    }

    private static IEnumerable<string> PlainPostgreSql(Facts facts) =>
        When(
            IsPostgreSql(facts)
                && !Array.TrueForAll(Value(facts, "Host", "Server").Split(','), IsHere)
                && !Encrypted.Contains(Value(facts, "SSL Mode", "SslMode"), StringComparer.OrdinalIgnoreCase),
            "Data:ConnectionString sends what we remember through the network in the clear: add 'SSL Mode=VerifyFull'."
        );

    private static IEnumerable<string> Superuser(Facts facts) =>
        When(
            IsPostgreSql(facts)
                && Value(facts, "Username", "User Id").Equals("postgres", StringComparison.OrdinalIgnoreCase),
            "Data:ConnectionString signs in as the superuser 'postgres': give this server a user of its own that owns nothing else."
        );

    private static IEnumerable<string> PlainRedis(Facts facts)
    {
        var parts = facts
            .Text("Redis:ConnectionString")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isFar = parts
            .Where(part => !part.Contains('=', StringComparison.Ordinal))
            .Any(endpoint => !IsHere(endpoint));
        return
        [
            .. When(
                isFar && !parts.Contains("ssl=true", StringComparer.OrdinalIgnoreCase),
                "Redis:ConnectionString leads through the network in the clear: add 'ssl=true'."
            ),
            .. When(
                isFar
                    && facts.Text("Redis:Password").Length == 0
                    && !Array.Exists(
                        parts,
                        part => part.StartsWith("password=", StringComparison.OrdinalIgnoreCase)
                    ),
                "Redis:ConnectionString has no password, so anybody on that network can reset the counters: set Redis:Password, and the same in Redis."
            ),
        ];
    }

    // With or without a port. A path is a socket of this machine.
    private static bool IsHere(string endpoint) =>
        endpoint is ""
        || endpoint.StartsWith('/')
        || endpoint.Split(':')[0].Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPEndPoint.TryParse(endpoint, out var at) && IPAddress.IsLoopback(at.Address));

    private static string Value(Facts facts, params string[] names)
    {
        try
        {
            var settings = new DbConnectionStringBuilder
            {
                ConnectionString = facts.Text("Data:ConnectionString"),
            };
            return names
                    .Select(name => settings.TryGetValue(name, out var value) ? value.ToString() : null)
                    .FirstOrDefault(value => value is not null)
                ?? "";
        }
        catch (ArgumentException)
        {
            return "";
        }
    }
}
