using System.Text;
using AuthServer.Clients;
using Microsoft.Extensions.Configuration;

namespace AuthServer.Tests.Clients;

/// <summary>Clients and APIs from the text of a configuration.</summary>
internal static class Configured
{
    public const string Apis =
        """ "Apis": [{ "Name": "orders-api", "Scopes": ["orders.read", "orders.write"] }] """;

    public const string Secret = "a-test-secret-of-good-length-0123456789";

    public static ClientsOptions From(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var options = new ClientsOptions();
        options.Read(new ConfigurationBuilder().AddJsonStream(stream).Build());
        return options;
    }

    /// <summary>The sentences that an admin would read.</summary>
    public static IReadOnlyList<string> Mistakes(string json) =>
        [.. new ClientSettingsValidator().Validate(null, From(json)).Failures ?? []];
}
